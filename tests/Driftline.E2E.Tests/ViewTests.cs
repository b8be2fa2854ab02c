using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>What a page shows is in its address, and in nothing that a reload loses.</summary>
public sealed class ViewTests(DemoProgram demo, Chromium chromium)
{
    [Fact]
    public async Task A_hidden_branch_a_baseline_and_a_range_survive_a_reload_and_go_along_to_other_pages()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/overview");
        await page.GoToAsync("lineages/microworld/values?suite=values");
        await page.ChartsDrawnAsync();
        var chart = ShownChart.Find(page, "line", "js_distance", "values");
        await Expect(chart).ToHaveAttributeAsync("data-traces", "4");

        var branch = page.Page.GetByRole(AriaRole.Button, new() { Name = "replace", Exact = true });
        await branch.ClickAsync();
        await Expect(branch).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(chart).ToHaveAttributeAsync("data-traces", "2");

        // Each choice is shown before the next is made: a server under load answers later than a script clicks.
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "vs parent" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "vs parent" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.ShownAsync();
        await page.Page.GetByText("generations 0–8").ClickAsync();
        await page.Page.GetByLabel("From").FillAsync("3");
        await page.Page.GetByLabel("From").PressAsync("Tab");
        await Expect(page.Page.GetByText("generations 3–8")).ToBeVisibleAsync();
        await page.ShownAsync();
        await page.Page.GetByLabel("To").FillAsync("6");
        await page.Page.GetByLabel("To").PressAsync("Tab");
        await page.Page.WaitForURLAsync("**/lineages/microworld/values?branches=*&baseline=parent&from=3&to=6&suite=values");
        await page.Page.Keyboard.PressAsync("Escape");
        await AssertNarrowedAsync(page, chart);

        await page.Page.ReloadAsync();
        await page.ShownAsync();
        await AssertNarrowedAsync(page, chart);

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Semantics" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/semantics?branches=*&baseline=parent&from=3&to=6");
        await page.Page.GoBackAsync();
        await page.Page.WaitForURLAsync("**/values?branches=*&baseline=parent&from=3&to=6&suite=values");
        await AssertNarrowedAsync(page, chart);
        await page.Page.GoBackAsync();
        await page.Page.WaitForURLAsync("**/lineages/microworld/overview");
        page.AssertClean();
    }

    [Fact]
    public async Task A_chip_with_Alt_shows_one_branch_alone_and_a_seed_can_be_hidden()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values?suite=values");
        var chart = ShownChart.Find(page, "line", "js_distance", "values");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "replace", Exact = true }).ClickAsync(new() { Modifiers = [KeyboardModifier.Alt] });
        await Expect(chart).ToHaveAttributeAsync("data-traces", "2");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "replace s2" }).ClickAsync();
        await Expect(chart).ToHaveAttributeAsync("data-traces", "1");
        await Expect(chart).ToHaveAttributeAsync("data-points", "8");
        page.AssertClean();
    }

    [Fact]
    public async Task Choices_made_faster_than_the_page_answers_all_hold()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values?suite=values");

        // In one task of the browser: the server gets the second click before it can have shown the first.
        await page.Page.EvaluateAsync("""
            for (const name of ["null", "accumulate", "vs parent"]) {
                [...document.querySelectorAll("button")].find(button => button.textContent.trim() === name).click();
            }
            """);

        await page.Page.WaitForURLAsync("**/values?branches=replace&baseline=parent&suite=values");
        page.AssertClean();
    }

    private static async Task AssertNarrowedAsync(BrowserPage page, ILocator chart)
    {
        // accumulate at generations 3 to 6; null ends at generation 1
        await Expect(chart).ToHaveAttributeAsync("data-points", "4");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "replace", Exact = true })).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "vs parent" })).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Page.GetByText("generations 3–6")).ToBeVisibleAsync();
    }
}
