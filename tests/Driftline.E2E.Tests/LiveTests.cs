using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>Open pages follow what happens behind them: imports of the command line, and the end and return of the server.</summary>
public sealed class LiveTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    // A second is what is promised; a machine that runs other tests beside takes longer to draw.
    private const int FollowLimitMilliseconds = 5_000;

    private static readonly string[] Answers = ["yes", "no"];

    [Fact]
    public async Task An_open_overview_follows_imports_of_the_command_line_with_and_without_the_server()
    {
        await ImportAsync(driftline.DataDirectory, "live", 0, 1);
        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync("lineages/live/overview");
        await Expect(page.Page.GetByText("generations 0–1")).ToBeVisibleAsync();

        // Through the server of the folder, whose Imports page lists it.
        await ImportAsync(driftline.DataDirectory, "live", 2);
        await Assertions.Expect(page.Page.GetByText("generations 0–2")).ToBeVisibleAsync(new() { Timeout = FollowLimitMilliseconds });

        // Another folder with the same database: this process knows of no server, and the server hears of nothing.
        var elsewhere = Directory.CreateTempSubdirectory("driftline-elsewhere-");
        File.CreateSymbolicLink(Path.Combine(elsewhere.FullName, "driftline.db"), Path.Combine(driftline.DataDirectory.FullName, "driftline.db"));
        await ImportAsync(elsewhere, "live", 3);
        await Assertions.Expect(page.Page.GetByText("generations 0–3")).ToBeVisibleAsync(new() { Timeout = FollowLimitMilliseconds });

        await page.GoToAsync("imports");
        await Expect(page.Page.GetByText("live-2.jsonl").First).ToBeVisibleAsync();
        page.AssertClean();
        elsewhere.Delete(recursive: true);
    }

    [Fact]
    public async Task A_lost_connection_says_so_and_the_page_comes_back_by_itself()
    {
        await ImportAsync(driftline.DataDirectory, "lost", 0, 1);
        await using var page = await chromium.OpenAsync(driftline, width: 390);
        await page.GoToAsync("lineages/lost/overview");
        var heading = page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        var shown = await heading.TextContentAsync();
        var notice = page.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "The connection to Driftline is lost." });

        await driftline.KillAsync();
        await Expect(notice).ToBeVisibleAsync();
        await Expect(heading).ToHaveTextAsync(shown!);
        await page.FitsAsync();
        await page.AssertAccessibleAsync("lost connection");

        // What is imported meanwhile is there when the page comes back: it was loaded anew.
        await ImportAsync(driftline.DataDirectory, "lost", 2);
        await driftline.StartAgainAsync();

        await Expect(page.Page.GetByText("generations 0–2").First).ToBeAttachedAsync();
        await Expect(notice).ToHaveCountAsync(0);
        await Expect(heading).ToHaveTextAsync(shown!);
    }

    /// <summary>Imports generations of twenty prompts each, of which ever more are answered with no.</summary>
    private static async Task ImportAsync(DirectoryInfo data, string lineage, params int[] generations)
    {
        foreach (var generation in generations)
        {
            var log = Path.Combine(Path.GetTempPath(), $"driftline-{Guid.NewGuid():N}", $"{lineage}-{generation}.jsonl");
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            await File.WriteAllLinesAsync(log, Enumerable.Range(0, 20).Select(prompt =>
                $$"""{"schema_version":"1","type":"sample","lineage":"{{lineage}}","generation":{{generation}},"model":"m{{generation}}","task":"values","sample_id":"p{{prompt}}","answer":"{{Answers[prompt < 3 * generation ? 1 : 0]}}","options":["yes","no"]}"""));
            var result = await CommandLine.RunAsync(data, "import", log);
            Assert.True(result.ExitCode == 0, result.Error);
            Directory.Delete(Path.GetDirectoryName(log)!, recursive: true);
        }
    }
}
