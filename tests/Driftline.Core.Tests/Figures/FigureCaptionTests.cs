using Driftline.Core.Alerts;
using Driftline.Core.Figures;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Figures;

public sealed class FigureCaptionTests
{
    [Fact]
    public void A_level_says_what_of_which_lineage_with_which_interval()
    {
        var caption = FigureCaption.Of(Build(Microworld.Unknown, Microworld.Rate));

        Assert.Contains("Lineage microworld. Lines: ", caption, StringComparison.Ordinal);
        Assert.Contains("Generations 0 to 8. n = 50. Bands are 95 % intervals over prompts.", caption, StringComparison.Ordinal);
        Assert.Contains("Horizontal lines: generation 0 at ", caption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_says_what_the_grey_band_is()
    {
        Assert.Contains("The grey band is the noise floor, its mean dotted.", FigureCaption.Of(Build(Microworld.Distance, Microworld.JsDistance)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_of_what_only_a_screen_can_do()
    {
        var points = Microworld.Unknown.Points.Select(point => point.Generation switch
        {
            3 => point with { Estimate = Estimate.Without(MeasureStatus.NoData, "Nothing logged.") },
            8 => point with { Estimate = point.Estimate with { Status = MeasureStatus.Provisional } },
            _ => point,
        });

        var caption = FigureCaption.Of(Build(Microworld.Unknown with { Points = [.. points] }, Microworld.Rate));

        Assert.Contains("Hollow points are provisional", caption, StringComparison.Ordinal);
        Assert.Contains("A zig-zag stands between generations that were not measured alike: Nothing logged.", caption, StringComparison.Ordinal);
        Assert.DoesNotContain("hover", caption, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Thresholds_of_alert_rules_are_named_and_those_that_are_still_being_made_are_not()
    {
        var figure = Build(Microworld.Unknown, Microworld.Rate) with
        {
            Thresholds = [new FigureThreshold(-.25, "too low", AlertSeverity.Page, Draft: false), new FigureThreshold(.5, "perhaps", AlertSeverity.Warn, Draft: true)],
        };

        var caption = FigureCaption.Of(figure);

        Assert.Contains("Thresholds of alert rules: too low at −0.25.", caption, StringComparison.Ordinal);
        Assert.DoesNotContain("perhaps", caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_and_shares_name_their_rows_and_parts()
    {
        var lane = Microworld.Lanes.Find("replace", "2")!;
        var map = HeatmapFigureBuilder.Build([Microworld.PowerShift], Microworld.ScoreShift, Microworld.Lanes, lane, FigureView.All);
        var shares = AnswerShareFigureBuilder.Build(Microworld.AnswerShares, null, Microworld.Lanes, lane, FigureView.All, ordinal: true);

        Assert.Contains("Rows are values of dimension, columns generations, of replace s2. n = 12 a cell.", FigureCaption.Of(map), StringComparison.Ordinal);
        Assert.Contains("From the bottom: “", FigureCaption.Of(shares), StringComparison.Ordinal);
    }

    private static LineFigure Build(MeasureSeries series, MeasureDefinition? definition) =>
        LineFigureBuilder.Build(new LineFigureInput { Series = series, Definition = definition, Lanes = Microworld.Lanes });
}
