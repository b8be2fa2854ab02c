using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>A table of a published experiment, from the file as it was published to its lineage, by the page alone.</summary>
public sealed class MappingTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    private const string File = "Synthetic_Bias_Performance";

    private static readonly string Demo = Path.Combine(Path.GetDirectoryName(Repository.Program)!, "Demo", "gpt2-political-bias");

    [Fact]
    public async Task A_table_that_nobody_knows_is_mapped_by_looking_at_it_and_comes_in_as_the_demo_reads_it()
    {
        await using var page = await chromium.OpenAsync(driftline);
        await page.GoToAsync("imports");
        var chooser = await page.Page.RunAndWaitForFileChooserAsync(() => page.Page.GetByRole(AriaRole.Button, new() { Name = "Choose files" }).ClickAsync());
        await chooser.SetFilesAsync(Path.Combine(Demo, File + ".csv.gz"));
        // The job folds its report under its line.
        await page.Page.Locator(".job summary").Filter(new() { HasText = File }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Map its columns" }).ClickAsync();

        await Expect(page.Page.GetByLabel("Generation is")).ToHaveValueAsync("generation");
        await Expect(page.Page.GetByLabel("Added to Generation")).ToHaveValueAsync("-1");
        await Expect(page.Page.GetByLabel("Left_Score is")).ToHaveValueAsync("argmax");
        await Expect(page.Page.Locator(".trial-rows")).ToContainTextAsync("16,698 would go in");
        await Expect(page.Page.Locator(".trial-generations li")).ToHaveCountAsync(11);
        await page.AssertAccessibleAsync("the mapping wizard, light");
        await Picture.TakeAsync(page, "wizard-light", 1800);

        // With the keyboard from field to field.
        await page.Page.GetByLabel("Lineage", new() { Exact = true }).FillAsync("mapped");
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.TypeAsync("synthetic");
        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.GetByLabel("Branch", new() { Exact = true })).ToHaveValueAsync("synthetic");
        await page.Page.GetByLabel("Suite", new() { Exact = true }).FillAsync("political_bias");
        await page.Page.GetByLabel("are in order, as on a scale").CheckAsync();
        await page.Page.GetByLabel("Family").SelectOptionAsync("bias");
        await page.Page.GetByLabel("Stands for it").SelectOptionAsync("answer:right");
        await page.Page.GetByLabel("Worse is").SelectOptionAsync("higher");
        await Expect(page.Page.Locator(".trial tbody")).ToContainTextAsync("answer right");
        await page.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("political bias");
        await page.Page.GetByLabel("Take it by itself").FillAsync("*_Bias_*.csv");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Save mapping" }).ClickAsync();
        await Expect(page.Page.GetByText("Saved as")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".trial[aria-busy=false]")).ToBeVisibleAsync();
        // By key: what was saved may still move the button away from under a pointer.
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).PressAsync("Enter");
        // A trial that is still running is waited for first, which on a busy machine takes a while.
        await page.Page.WaitForURLAsync("**/imports", new() { Timeout = 120_000 });
        await Expect(page.Page.Locator(".imports [data-label=state]").Filter(new() { HasText = "imported" })).ToHaveCountAsync(1);

        // A further file of that name needs nothing said, where no mapping lies beside it; the report names the mapping.
        var alone = Path.Combine(driftline.DataDirectory.CreateSubdirectory("further").FullName, "Accumulation_Bias_Performance.csv.gz");
        System.IO.File.Copy(Path.Combine(Demo, "Accumulation_Bias_Performance.csv.gz"), alone);
        var further = await CommandLine.JsonAsync(driftline.DataDirectory, "import", alone, "--branch", "accumulation", "--dry-run");
        Assert.Contains(
            "Read with the saved mapping \"political bias\": the file's name fits its pattern *_Bias_*.csv.", further["files"]![0]!["notes"]!.AsArray().Select(note => note!.ToString()));
        Assert.Equal(16_698, further["rows_written"]!.GetValue<int>());
        page.AssertClean();

        await using var phone = await chromium.OpenAsync(driftline, 390, 844, ColorScheme.Dark);
        await phone.GoToAsync("imports/mappings");
        await Expect(phone.Page.GetByRole(AriaRole.Link, new() { Name = "political bias", Exact = true })).ToBeVisibleAsync();
        await phone.FitsAsync();
        await phone.AssertAccessibleAsync("the saved mappings, dark, 390 px");
        await phone.Page.GetByRole(AriaRole.Link, new() { Name = "political bias", Exact = true }).ClickAsync();
        var second = await phone.Page.RunAndWaitForFileChooserAsync(() => phone.Page.GetByRole(AriaRole.Button, new() { Name = "Choose a file" }).ClickAsync());
        await second.SetFilesAsync(Path.Combine(Demo, "Synthetic_Generation_Quality.csv.gz"));
        // What the mapping names and the table lacks is said.
        await Expect(phone.Page.Locator(".mapping-faults")).ToContainTextAsync("has no column");
        await phone.FitsAsync();
        await phone.AssertAccessibleAsync("the mapping wizard with a fault, dark, 390 px");
        phone.AssertClean();

        // The published shares, which the demo's own mapping gives.
        await CommandLine.RunAsync(driftline.DataDirectory, "check", "--lineage", "mapped", "--wait", "300");
        double[] published = [.5441, .5165, .5586, .585, .6357, .637, .6752, .6087, .6173, .6291, .5916];
        Assert.Equal(published, await SharesAsync());
    }

    /// <summary>The share of "right" among the answers of each generation.</summary>
    private async Task<double[]> SharesAsync()
    {
        var series = await CommandLine.JsonAsync(
            driftline.DataDirectory, "series", "--lineage", "mapped", "--measure", "answer_share", "--suite", "political_bias", "--slice", "answer=right", "--baseline", "none");
        return [.. series["points"]!.AsArray().Where(point => point!["branch"]!.ToString() == "synthetic").Select(point => Math.Round(point!["value"]!.GetValue<double>(), 4))];
    }
}
