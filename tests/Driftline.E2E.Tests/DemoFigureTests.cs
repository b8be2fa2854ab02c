using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>The numbers in the charts are those of the command line.</summary>
public sealed class DemoFigureTests(DemoProgram demo, Chromium chromium)
{
    [Theory]
    [InlineData("microworld/values?suite=values", "js_distance", "values", 4, 25)]
    [InlineData("microworld/overview", "rate", "safety", 4, 29)]
    [InlineData("microworld/bias?suite=bias_pronoun", "amp_delta", "bias_pronoun", 4, 29)]
    [InlineData("microworld/semantics", "energy_distance", "stories", 4, 25)]
    [InlineData("gpt2-political-bias/bias", "answer_share", "political_bias", 2, 22)]
    [InlineData("gpt2-political-bias/overview", "rate", "quality", 2, 22)]
    [InlineData("gpt2-political-bias/semantics", "mean_score", "perplexity", 1, 11)]
    public async Task A_line_chart_draws_what_series_prints(string address, string measure, string suite, int lines, int points)
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/" + address);
        await page.ChartsDrawnAsync();

        var chart = ShownChart.Find(page, "line", measure, suite).First;
        var shown = await ShownChart.ReadAsync(page, chart);
        Assert.Equal((lines, points), (shown.Traces, shown.Points));

        var printed = await PrintedAsync(shown, shown.Parameter("slice"));
        var drawn = shown.Spec["lines"]!.AsArray().SelectMany(line => line!["points"]!.AsArray()).Select(point => point!).ToList();
        Assert.Equal(points, drawn.Count(point => point["value"] is not null));
        // A change starts at the origin, where there is none yet: drawn as the point that lines begin with, and not printed.
        var starts = drawn.Where(point => !printed.ContainsKey(KeyOf(point))).ToList();
        Assert.All(starts, point => Assert.Equal((0, 0.0), ((int)point["generation"]!, (double?)point["value"])));
        Assert.All(drawn.Except(starts), point => Assert.Equal(printed[KeyOf(point)], NumbersOf(point)));
        // What is printed beyond that belongs to a reference, which is no line.
        Assert.All(printed.Keys.Except(drawn.Select(KeyOf)), point => Assert.Equal((0, "GPT-2"), point));
        page.AssertClean();
    }

    [Fact]
    public async Task Answer_shares_are_those_that_series_prints()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/gpt2-political-bias/values?suite=political_bias&lane=synthetic");
        await page.ChartsDrawnAsync();

        var shown = await ShownChart.ReadAsync(page, ShownChart.Find(page, "shares", "answer_share", "political_bias"));
        Assert.Equal((3, 33), (shown.Traces, shown.Points));
        Assert.Equal(["left", "center", "right"], shown.Spec["answers"]!.AsArray().Select(answer => (string?)answer!["answer"]));

        foreach (var answer in shown.Spec["answers"]!.AsArray())
        {
            var printed = await PrintedAsync(shown, $"answer={answer!["answer"]}");
            Assert.All(answer["points"]!.AsArray(), point => Assert.Equal(printed[KeyOf(point!)].Value, (double?)point!["value"]));
        }

        page.AssertClean();
    }

    [Fact]
    public async Task The_table_under_a_chart_and_the_box_over_it_say_the_published_shares()
    {
        // Wang et al.: share of right-leaning articles of the branch synthetic, argmax of left, center and right.
        string[] published = [".544", ".516", ".559", ".585", ".636", ".637", ".675", ".609", ".617", ".629", ".592"];
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/gpt2-political-bias/bias?branches=synthetic");
        await page.ChartsDrawnAsync();
        var chart = ShownChart.Find(page, "line", "answer_share", "political_bias").First;

        await chart.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        var column = await chart.Locator("thead th").AllInnerTextsAsync();
        var place = column.ToList().IndexOf("synthetic");
        var cells = await chart.Locator($"tbody tr td:nth-child({place + 1})").AllInnerTextsAsync();
        var shares = cells.Select(cell => Rounded(cell.Split(' ')[0])).ToList();
        Assert.Equal(published.Length, shares.Count);
        Assert.All(published.Zip(shares), pair => Assert.Equal(Rounded(pair.First), pair.Second, 0.0051));

        var area = chart.Locator(".chart-area");
        await area.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(chart.GetByRole(AriaRole.Status)).ToContainTextAsync("generation 10");
        page.AssertClean();
    }

    [Fact]
    public async Task A_heatmap_shows_every_dimension_at_every_generation()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values?suite=values");
        await page.ChartsDrawnAsync();

        var shown = await ShownChart.ReadAsync(page, ShownChart.Find(page, "heatmap", "score_shift", "values", "[data-figure*='branch=replace'][data-figure*='&seed=1']"));
        var row = shown.Spec["rows"]!.AsArray()[0]!;
        Assert.Equal((10, 90), (shown.Traces, shown.Points));

        var printed = await PrintedAsync(shown, $"dimension={row["name"]}");
        var values = printed.Where(point => point.Key.Model.StartsWith("mw-replace-s1-", StringComparison.Ordinal)).OrderBy(point => point.Key.Generation).Select(point => point.Value.Value);
        // The first column is the origin, which has not moved.
        Assert.Equal([0, .. values], row["cells"]!.AsArray().Select(cell => (double?)cell!["value"]));
        page.AssertClean();
    }

    /// <summary>What the command line prints for the series of a chart.</summary>
    private async Task<Dictionary<(int Generation, string Model), Numbers>> PrintedAsync(ShownChart chart, string? slice)
    {
        string[] always = ["series", "--lineage", chart.Parameter("lineage")!, "--measure", chart.Parameter("measure")!, "--suite", chart.Parameter("suite")!, "--baseline", chart.Parameter("baseline") ?? "none"];
        var series = await CommandLine.JsonAsync(demo.DataDirectory, slice is null ? always : [.. always, "--slice", slice]);
        return series["points"]!.AsArray().ToDictionary(point => KeyOf(point!), point => NumbersOf(point!));
    }

    private static (int Generation, string Model) KeyOf(JsonNode point) => ((int)point["generation"]!, (string)point["model"]!);

    private static Numbers NumbersOf(JsonNode point) => new((double?)point["value"], (double?)point["lo"], (double?)point["hi"], (int)point["n"]!);

    private static double Rounded(string text) => text.EndsWith('%')
        ? double.Parse(text.TrimEnd('%', ' '), System.Globalization.CultureInfo.InvariantCulture) / 100
        : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Numbers(double? Value, double? Lo, double? Hi, int N);
}
