using System.Text.Json;
using System.Xml.Linq;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>Names and texts that would do harm if something took them for more than text.</summary>
public sealed class HostileNameTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    private const string Script = "<script>window.driftlineWasHere=1</script>";
    private const string Formula = "=cmd|' /C calc'!A0";
    private const string Markup = "]]>&amp;\"'<b>";

    [Fact]
    public async Task They_stay_text_in_exported_files_and_on_the_page_of_samples()
    {
        var log = Path.Combine(driftline.DataDirectory.FullName, "hostile.jsonl");
        await File.WriteAllLinesAsync(log, Enumerable.Range(0, 3).SelectMany(Lines));
        Assert.Equal(0, (await CommandLine.RunAsync(driftline.DataDirectory, "import", log)).ExitCode);

        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync($"lineages/hostile/values?suite={Uri.EscapeDataString(Markup)}");
        await page.ChartsDrawnAsync();
        var chart = page.Page.Locator(".chart[data-figure*='measure=mean_score&']:has(.chart-table-toggle)").First;

        var svg = XDocument.Parse(await Exported.TextAsync(page, chart, "SVG"));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "text" && element.Value == Script);
        Assert.Contains(Markup, svg.Root!.Value, StringComparison.Ordinal);
        var csv = await Exported.TextAsync(page, chart, "Numbers as CSV");
        Assert.Contains($",'{Formula},", csv, StringComparison.Ordinal);
        Assert.DoesNotContain($",{Formula},", csv, StringComparison.Ordinal);

        await page.GoToAsync("lineages/hostile/samples");
        await page.Page.GetByText(Formula, new() { Exact = true }).First.ClickAsync();
        await Expect(page.Page.Locator(".sample-side").First).ToContainTextAsync(Script);
        await Expect(page.Page.Locator(".sample-prompt")).ToContainTextAsync(Markup);
        Assert.False(await page.Page.EvaluateAsync<bool>("'driftlineWasHere' in window"));
        page.AssertClean();
    }

    private static IEnumerable<string> Lines(int generation) => Enumerable.Range(0, 12).Select(prompt => JsonSerializer.Serialize(new
    {
        schema_version = "1",
        type = "sample",
        lineage = "hostile",
        branch = Script,
        generation,
        model = Formula,
        task = Markup,
        sample_id = prompt == 0 ? Formula : $"p{prompt}",
        input = $"{Markup} {prompt}",
        output = $"{Script} {generation}",
        answer = prompt < generation * 4 ? Script : "no",
        scores = new Dictionary<string, double> { ["__proto__"] = prompt + generation },
        metadata = new Dictionary<string, string> { ["constructor"] = Script },
    }));
}
