using Driftline.Core.Figures;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Figures;

public sealed class FigureRemarksTests
{
    [Fact]
    public void A_level_says_n_and_interval()
    {
        var remarks = FigureRemarks.Of(Build(Microworld.Unknown, Microworld.Rate));

        Assert.Equal(["n = 50", "95 % interval, prompts only"], remarks);
    }

    [Fact]
    public void Different_n_are_said_as_a_range()
    {
        var remarks = FigureRemarks.Of(Build(Microworld.PowerShift with { Points = [.. Microworld.PowerShift.Points.Select((point, i) => point with { Estimate = point.Estimate with { N = 10 + i } })] }, Microworld.ScoreShift));

        Assert.Equal($"n = 10–{9 + Microworld.PowerShift.Points.Count}", remarks.First());
    }

    [Fact]
    public void A_reported_metric_without_an_error_says_so()
    {
        Assert.Equal(["n = 1,500", "no interval logged"], FigureRemarks.Of(Build(Microworld.Perplexity, null)));
    }

    [Fact]
    public void A_distance_says_what_the_grey_band_is()
    {
        Assert.Contains("grey: noise floor, 95 % of it and its mean", FigureRemarks.Of(Build(Microworld.Distance, Microworld.JsDistance)));
    }

    [Fact]
    public void Breaks_hollow_points_and_gaps_are_counted()
    {
        var points = Microworld.Unknown.Points.Select(point => point.Generation switch
        {
            3 => point with { Estimate = Estimate.Without(MeasureStatus.NoData, "Nothing logged.") },
            8 => point with { Estimate = point.Estimate with { Status = MeasureStatus.Provisional } },
            _ => point,
        });

        var remarks = FigureRemarks.Of(Build(Microworld.Unknown with { Points = [.. points] }, Microworld.Rate)).ToList();

        Assert.Contains("3\u00A0breaks, reasons on hover", remarks);
        Assert.Contains("3\u00A0provisional points, hollow", remarks);
        Assert.Contains("3\u00A0generations without a value", remarks);
    }

    [Fact]
    public void A_map_says_what_pale_means_and_shares_where_their_intervals_are()
    {
        var lane = Microworld.Lanes.Find("replace", "2")!;
        var map = HeatmapFigureBuilder.Build([Microworld.PowerShift], Microworld.ScoreShift, Microworld.Lanes, lane, FigureView.All);
        var shares = AnswerShareFigureBuilder.Build(Microworld.AnswerShares, null, Microworld.Lanes, lane, FigureView.All, ordinal: true);

        Assert.Equal(["n = 12 a cell", "pale: its interval holds no change"], FigureRemarks.Of(map));
        Assert.Equal(["n = 120", "intervals on hover and in the table"], FigureRemarks.Of(shares));
    }

    [Fact]
    public void An_empty_figure_says_only_what_is_hidden()
    {
        var figure = LineFigureBuilder.Build(new LineFigureInput
        {
            Series = Microworld.Unknown,
            Definition = Microworld.Rate,
            Lanes = Microworld.Lanes,
            View = new FigureView { Branches = ["none"] },
        });

        Assert.Equal(["0 of 4 lines shown"], FigureRemarks.Of(figure));
    }

    private static LineFigure Build(MeasureSeries series, MeasureDefinition? definition) =>
        LineFigureBuilder.Build(new LineFigureInput { Series = series, Definition = definition, Lanes = Microworld.Lanes });
}
