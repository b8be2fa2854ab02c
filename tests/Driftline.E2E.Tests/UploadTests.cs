using System.Text;
using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>Logs that come in through the page.</summary>
public sealed class UploadTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    private const string Payload = """<img src=x onerror="window.driftlineWasHere=1">""";

    [Fact]
    public async Task A_log_with_a_bad_line_comes_in_without_it_and_the_report_shows_the_line_as_text()
    {
        var bad = $$"""{"schema_version":"1","type":"sample","lineage":"loop","generation":"third","model":"m","task":"values","sample_id":"{{Payload.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}""";
        var lines = Samples().ToList();
        lines.Insert(4, bad);
        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync("imports");

        await ChooseAsync(page, "loop.jsonl", string.Join('\n', lines) + "\n");
        await Expect(page.Page.Locator(".imports [data-label=state]").Filter(new() { HasText = "partial" })).ToHaveCountAsync(1);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "loop.jsonl" }).ClickAsync();
        var row = page.Page.Locator(".imports tr").Filter(new() { Has = page.Page.GetByRole(AriaRole.Link, new() { Name = "loop.jsonl" }) });
        await Expect(row.Locator("[data-label=read]")).ToHaveTextAsync("121");
        await Expect(row.Locator("[data-label=written]")).ToHaveTextAsync("120");
        await Expect(row.Locator("[data-label=rejected]")).ToHaveTextAsync("1");

        var report = page.Page.Locator(".report-row .report");
        await Expect(report.Locator("[data-label=line]")).ToHaveTextAsync("5");
        await Expect(report.Locator("[data-label=column]")).ToHaveTextAsync($"{bad.IndexOf("\"third\"", StringComparison.Ordinal) + 1}");
        await Expect(report.Locator("[data-label=reason]")).ToContainTextAsync("generation");
        await Expect(report.Locator("[data-label=text]")).ToHaveTextAsync(bad.Length > 200 ? bad[..200] : bad);

        await row.GetByRole(AriaRole.Link, new() { Name = "loop", Exact = true }).ClickAsync();
        await page.Page.WaitForURLAsync("**/lineages/loop/overview");
        await page.GoToAsync("lineages/loop/values?suite=values");
        await page.ChartsDrawnAsync();
        var chart = await ShownChart.ReadAsync(page, ShownChart.Find(page, "line", "mean_score", "values"));
        Assert.Equal((1, 3), (chart.Traces, chart.Points));
        Assert.Equal([0.5, 0.6, 0.7], chart.Spec["lines"]![0]!["points"]!.AsArray().Select(point => Math.Round((double)point!["value"]!, 9)));

        // Model and answers come from the log and appear in the box over a chart.
        foreach (var area in await page.Page.Locator(".chart-area[tabindex]").AllAsync())
        {
            await area.FocusAsync();
            await page.Page.Keyboard.PressAsync("ArrowLeft");
        }

        await Expect(page.Page.Locator(".chart-hover").Filter(new() { HasText = "<img src=x" }).First).ToBeAttachedAsync();
        await Expect(page.Page.Locator("img")).ToHaveCountAsync(0);
        Assert.False(await page.Page.EvaluateAsync<bool>("'driftlineWasHere' in window"));
        page.AssertClean();
    }

    [Fact]
    public async Task A_table_comes_in_with_the_mapping_that_was_chosen_beside_it()
    {
        const string Mapping = """
            {
              "lineage": "mapped",
              "generation": { "column": "round", "offset": -1 },
              "suite": "quality",
              "sample_id": { "column": "id" },
              "scores": { "quality": "stars" }
            }
            """;
        var table = "round;id;stars\n" + string.Concat(
            Enumerable.Range(1, 4).SelectMany(round => Enumerable.Range(1, 12).Select(id => $"{round};{id};{(round + id) % 5}\n")));
        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync("imports");

        await page.Page.GetByText("Say where they belong").ClickAsync();
        await page.Page.GetByLabel("Branch").FillAsync("by-hand");
        await page.Page.GetByLabel("Column mapping").SetInputFilesAsync(Text("columns.json", Mapping));
        await ChooseAsync(page, "stars.csv", table);
        var row = page.Page.Locator(".imports tr").Filter(new() { Has = page.Page.GetByRole(AriaRole.Link, new() { Name = "stars.csv" }) });
        await Expect(row.Locator("[data-label=state]")).ToHaveTextAsync("imported");
        await Expect(row.Locator("[data-label=written]")).ToHaveTextAsync("48");

        await page.GoToAsync("lineages/mapped/values");
        await page.ChartsDrawnAsync();
        var chart = await ShownChart.ReadAsync(page, ShownChart.Find(page, "line", "mean_score", "quality"));
        Assert.Equal((1, 4), (chart.Traces, chart.Points));
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "by-hand", Exact = true })).ToBeVisibleAsync();
        page.AssertClean();
    }

    /// <summary>Three generations of forty answers whose mean is .5, .6 and .7.</summary>
    private static IEnumerable<string> Samples()
    {
        var model = Payload.Replace("\"", "\\\"", StringComparison.Ordinal);
        foreach (var generation in Enumerable.Range(0, 3))
        {
            foreach (var sample in Enumerable.Range(0, 40))
            {
                var isYes = sample < 20 + (4 * generation);
                yield return $$$"""
                    {"schema_version":"1","type":"sample","lineage":"loop","generation":{{{generation}}},"model":"m{{{generation}}} {{{model}}}","task":"values","sample_id":"v{{{sample}}}","input":"Question {{{sample}}}?","answer":"{{{(isYes ? "yes " + model : "no")}}}","scores":{"endorsed":{{{(isYes ? "1.0" : "0.0")}}}}}
                    """;
            }
        }
    }

    private static async Task ChooseAsync(BrowserPage page, string name, string content)
    {
        var chooser = await page.Page.RunAndWaitForFileChooserAsync(() => page.Page.GetByRole(AriaRole.Button, new() { Name = "Choose files" }).ClickAsync());
        await chooser.SetFilesAsync(Text(name, content));
    }

    private static FilePayload Text(string name, string content) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(content) };
}
