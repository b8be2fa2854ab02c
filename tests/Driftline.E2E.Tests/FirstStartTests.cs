using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>What somebody sees who has just started the program on an empty data folder.</summary>
public sealed class FirstStartTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    [Fact]
    public async Task An_empty_data_folder_leads_on_and_the_demo_is_one_click_away()
    {
        await using var page = await chromium.OpenAsync(driftline);

        await page.GoToAsync("imports");
        await Expect(page.Page.GetByText("Nothing is waiting.")).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing has been imported yet" })).ToBeVisibleAsync();

        await page.GoToAsync("lineages/unheard-of/overview");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "See all lineages" }).ClickAsync();

        await Assertions.Expect(page.Page).ToHaveTitleAsync("Lineages · Driftline");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing has been imported yet" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Drop logs here")).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("driftline import PATH")).ToBeVisibleAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Load the demo" }).ClickAsync();
        foreach (var (lineage, samples) in new[] { ("gpt2-political-bias", "85,008"), ("microworld", "47,320") })
        {
            var row = page.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = lineage });
            await Expect(row.Locator("[data-label=samples]")).ToHaveTextAsync(samples);
        }

        // The overview fills by itself once measures are there.
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "microworld" }).ClickAsync();
        await page.ShownAsync();
        await page.ChartsDrawnAsync();
        page.AssertClean();
    }
}
