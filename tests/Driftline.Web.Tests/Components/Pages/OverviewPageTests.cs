using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Pages;
using Driftline.Web.Tests.Api.Figures;
using Driftline.Web.Tests.Components.Charts;

namespace Driftline.Web.Tests.Components.Pages;

public sealed class OverviewPageTests : ChartContext
{
    private static readonly SuiteDefinition Safety = new() { Name = "safety", Family = SuiteFamily.Safety, PrimaryScore = "aligned", Boolean = true, Worse = WorseDirection.Lower };

    [Fact]
    public void A_tile_says_level_line_and_change_of_the_conduct_suite()
    {
        Series.WithSuite(Safety, new SeriesKey("rate", "safety", null, Baseline.None), new SeriesKey("rate_shift", "safety", null, Baseline.Origin));
        Series.Estimate = (key, node) => key.Measure == "rate_shift"
            ? FakeSeries.Value(node is { Branch: "replace", Seed: "2" } ? -.1 * node.Generation : .01)
            : FakeSeries.Value(.9 - (node is { Branch: "replace", Seed: "2" } ? .1 * node.Generation : 0));

        var page = RenderIn<OverviewPage>(Scope());

        var tile = page.FindAll(".tile")[0];
        Assert.Equal("Aligned rate", tile.QuerySelector("h2")!.TextContent);
        Assert.Equal(".700", tile.QuerySelector("strong")!.TextContent);
        Assert.Equal("replace s2 [.65, .75]", tile.QuerySelector(".tile-value span")!.TextContent);
        Assert.Equal(
            "Down 20.0\u00A0points [−25.0, −15.0] since generation 0: beyond its interval since generation 1, for the worse. replace s1 and accumulate s1 stay within their intervals.",
            tile.QuerySelector(".tile-sentence")!.TextContent);
    }

    [Fact]
    public void A_tile_without_data_says_what_would_fill_it()
    {
        var page = RenderIn<OverviewPage>(Scope());

        Assert.Equal(4, page.FindAll(".tile").Count);
        Assert.Equal(
            "No suite is about bias. Log a bias suite (its name holds \"bias\", \"bbq\", \"crows\" or \"stereo\") to fill this.",
            page.FindAll(".tile-empty")[2].TextContent);
        Assert.Equal("imports", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Figures_obey_the_view()
    {
        Series.WithSuite(Safety, new SeriesKey("rate", "safety", null, Baseline.None));

        RenderIn<OverviewPage>(Scope(View with { Branches = ["replace"], From = 1 }));

        Assert.NotEmpty(Figures);
        Assert.All(Figures, figure => Assert.Contains("branches=replace&from=1", figure, StringComparison.Ordinal));
    }

    [Fact]
    public void The_baseline_of_the_view_is_that_of_the_tiles()
    {
        var values = new SuiteDefinition { Name = "values", Family = SuiteFamily.Value };
        Series.WithSuite(
            values,
            new SeriesKey("js_distance", "values", null, Baseline.Origin),
            new SeriesKey("js_distance", "values", null, Baseline.Parent));
        Series.Estimate = (_, _) => FakeSeries.Value(.2, floor: .05);

        var page = RenderIn<OverviewPage>(Scope(View with { Baseline = Baseline.Parent }));

        Assert.Contains("Above its noise floor at generation 2.", page.FindAll(".tile")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains(Figures, figure => figure.Contains("baseline=parent", StringComparison.Ordinal));
        Assert.DoesNotContain(Figures, figure => figure.Contains("baseline=origin", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_left_out_is_said()
    {
        foreach (var number in Enumerable.Range(1, 4))
        {
            Series.With(new SeriesKey($"reported:loss_{number}", $"text_{number}", null, Baseline.None));
        }

        var page = RenderIn<OverviewPage>(Scope());

        Assert.Contains("2 of 4 reported metrics shown; all of them are on Semantics.", page.Markup, StringComparison.Ordinal);
    }
}
