using Driftline.Core.Figures;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Figures;

public sealed class HeatmapFigureTests
{
    private static readonly Lane Replace2 = Microworld.Lanes.Find("replace", "2")!;

    [Fact]
    public void A_row_is_a_slice_and_a_column_a_generation()
    {
        var figure = Build(Microworld.PowerShift);

        var row = Assert.Single(figure.Rows);
        Assert.Equal(("power", 9), (row.Name, row.Cells.Count));
        Assert.Equal("dimension", figure.RowKey);
        Assert.Equal(Enumerable.Range(0, 9), figure.Generations);
    }

    [Fact]
    public void Colours_diverge_evenly_around_no_change()
    {
        var figure = Build(Microworld.PowerShift);

        Assert.True(figure.Diverging);
        Assert.Equal(-figure.Min, figure.Max);
        Assert.Equal(figure.Rows[0].Cells.Max(cell => Math.Abs(cell.Value!.Value)), figure.Max);
    }

    [Fact]
    public void A_cell_whose_interval_holds_zero_is_pale()
    {
        var figure = Build(Microworld.PowerShift);

        var points = Microworld.PowerShift.Points.Where(point => point is { Branch: "replace", Seed: "2" }).ToList();
        Assert.Contains(figure.Rows[0].Cells, cell => !cell.Pale);
        Assert.All(points, point => Assert.Equal(
            point.Estimate.Lo <= 0 && point.Estimate.Hi >= 0,
            figure.Rows[0].Cells[point.Generation].Pale));
    }

    [Fact]
    public void A_cell_without_a_value_says_why()
    {
        var series = Microworld.PowerShift with
        {
            Points = [new SeriesPoint("replace", "2", 3, "mw", Estimate.Without(MeasureStatus.TooFew, "Only 1 prompt.", 1)), .. Microworld.PowerShift.Points.Where(point => point.Generation < 3)],
        };

        var cell = Build(series).Rows[0].Cells[3];

        Assert.Null(cell.Value);
        Assert.Equal("Only 1 prompt.", cell.Text);
    }

    [Fact]
    public void A_row_that_was_never_measured_is_left_out()
    {
        var never = Microworld.PowerShift with
        {
            Slice = "dimension=tradition",
            Points = [.. Microworld.PowerShift.Points.Select(point => point with { Estimate = Estimate.Without(MeasureStatus.NoData, "No score.") })],
        };

        Assert.Equal(["power"], Build(Microworld.PowerShift, never).Rows.Select(row => row.Name));
    }

    [Fact]
    public void Without_slices_it_says_what_would_fill_it()
    {
        var figure = HeatmapFigureBuilder.Build([], Microworld.ScoreShift, Microworld.Lanes, Replace2, FigureView.All);

        Assert.Contains("metadata", figure.Empty, StringComparison.Ordinal);
    }

    private static HeatmapFigure Build(params MeasureSeries[] rows) =>
        HeatmapFigureBuilder.Build(rows, Microworld.ScoreShift, Microworld.Lanes, Replace2, FigureView.All);
}
