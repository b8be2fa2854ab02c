using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>An alert from end to end: a threshold that a person sets on a chart tells the training script to stop.</summary>
public sealed class AlertTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    private const int CannotTell = 4;
    private const int PageFiring = 20;

    [Fact]
    public async Task A_threshold_set_on_a_chart_fires_on_the_next_import_and_check_says_stop()
    {
        foreach (var generation in Enumerable.Range(0, 3))
        {
            await ImportAsync(generation, 20 + (4 * generation));
        }

        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync("lineages/loop/values?suite=values");
        await page.ChartsDrawnAsync();
        var chart = ShownChart.Find(page, "line", "mean_score", "values");
        var editor = page.Page.Locator(".alert-editor");

        // A point that is pinned by the keyboard gives its value.
        await chart.Locator(".chart-area").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("Enter");
        await chart.GetByRole(AriaRole.Button, new() { Name = "Set alert here" }).ClickAsync();
        await Expect(Threshold(editor)).ToHaveValueAsync("0.7");
        // Escape closes a dialog that has the focus, and it takes that a moment after it is shown.
        await Expect(editor.Locator(":focus")).ToHaveCountAsync(1);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(editor).ToHaveCountAsync(0);

        await page.Page.Locator(".card").Filter(new() { Has = chart }).Locator("[data-chart-menu] > summary").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set alert…" }).ClickAsync();
        await editor.GetByLabel("Fires when").SelectOptionAsync("above");
        await editor.GetByLabel("Tested on").SelectOptionAsync("the value alone");
        await editor.GetByLabel("Severity").SelectOptionAsync("page (check exits 20)");
        await Threshold(editor).FillAsync("0.55");
        await Expect(editor.Locator(".alert-trial li")).ToHaveTextAsync(["main, generation 1: .60 [.44, .76]"], new() { UseInnerText = true });
        await Expect(editor.Locator(".chart[data-figure*='draft=above%3A0.55%3Apage'][data-state=ready]")).ToHaveCountAsync(1);
        await page.AssertAccessibleAsync("the editor of an alert");
        await Threshold(editor).FillAsync("0.72");
        await editor.GetByLabel("Name").FillAsync("score too high");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Page.Locator(".rail-lineage .pill")).ToHaveTextAsync("not all tested");
        Assert.Equal(CannotTell, (await CheckAsync()).ExitCode);

        await ImportAsync(3, 32);

        // The open page follows by itself.
        await Expect(page.Page.Locator(".rail-lineage .pill")).ToHaveTextAsync("page firing");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "1 alert firing: loop 1" })).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".chart[data-figure*='measure=mean_score&'][data-points='4'][data-state=ready]").First).ToBeVisibleAsync();
        var figure = (await ShownChart.ReadAsync(page, chart)).Spec;
        Assert.Equal("page", (string)figure["lines"]![0]!["points"]![3]!["alert"]!["severity"]!);
        Assert.Equal(.72, (double)Assert.Single(figure["thresholds"]!.AsArray())!["value"]!);
        var check = await CheckAsync();
        Assert.Equal(PageFiring, check.ExitCode);
        Assert.Contains("PAGE  score too high: firing on main; generation 3: .80", check.Output, StringComparison.Ordinal);

        await page.GoToAsync("lineages/loop/alerts");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge score too high at generation 3 of main" }).ClickAsync();
        await Expect(page.Page.GetByText("acknowledged")).ToBeVisibleAsync();
        await page.ChartsDrawnAsync();
        await page.AssertAccessibleAsync("the alerts");
        page.AssertClean();
    }

    /// <summary>The field, not the chart, whose name says that the threshold is on it.</summary>
    private static ILocator Threshold(ILocator editor) => editor.GetByRole(AriaRole.Spinbutton, new() { NameString = "Threshold" });

    private Task<CommandResult> CheckAsync() => CommandLine.RunAsync(driftline.DataDirectory, "check", "--lineage", "loop");

    /// <summary>Forty answers, of which some are endorsed.</summary>
    private async Task ImportAsync(int generation, int endorsed)
    {
        var log = Path.Combine(driftline.DataDirectory.FullName, $"g{generation}.jsonl");
        await File.WriteAllLinesAsync(log, Enumerable.Range(0, 40).Select(sample =>
            $$$"""{"schema_version":"1","type":"sample","lineage":"loop","generation":{{{generation}}},"model":"m{{{generation}}}","task":"values","sample_id":"v{{{sample}}}","input":"Question {{{sample}}}?","answer":"yes","scores":{"endorsed":{{{(sample < endorsed ? "1.0" : "0.0")}}}}}"""));
        var result = await CommandLine.RunAsync(driftline.DataDirectory, "import", log);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
