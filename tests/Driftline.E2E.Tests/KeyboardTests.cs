using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>Everything can be done without a mouse.</summary>
public sealed class KeyboardTests(DemoProgram demo, Chromium chromium)
{
    // Marks what can be reached, so that a walk by Tab can be compared with it.
    private const string MarkControls = """
        () => {
          const controls = [...document.querySelectorAll("a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex='0']")]
            .filter((control) => control.checkVisibility({ visibilityProperty: true }));
          controls.forEach((control, i) => { control.dataset.walk = String(i); });
          return controls.map((control) => control.outerHTML.slice(0, 120));
        }
        """;

    [Fact]
    public async Task The_first_key_offers_to_skip_to_the_content()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values");
        await page.ChartsDrawnAsync();

        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeInViewportAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("main")).ToBeFocusedAsync();
        Assert.EndsWith("/lineages/microworld/values#content", page.Page.Url, StringComparison.Ordinal);
        page.AssertClean();
    }

    [Theory]
    [InlineData("lineages/microworld/overview")]
    [InlineData("imports")]
    public async Task Tab_reaches_every_control_in_view(string address)
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync(address);
        if (address != "imports")
        {
            await page.ChartsDrawnAsync();
        }

        var controls = await page.Page.EvaluateAsync<string[]>(MarkControls);
        var reached = new HashSet<string>();
        for (var step = 0; step < controls.Length + 5; step++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            reached.Add(await page.Page.EvaluateAsync<string>("document.activeElement?.dataset.walk ?? ''"));
        }

        Assert.NotEmpty(controls);
        Assert.Empty(controls.Where((_, number) => !reached.Contains($"{number}")));
        page.AssertClean();
    }

    [Fact]
    public async Task Keys_lead_to_pages_and_move_the_end_of_the_range()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/overview");
        await page.Page.Keyboard.PressAsync("g");
        await page.Page.Keyboard.PressAsync("s");
        await page.Page.WaitForURLAsync("**/lineages/microworld/semantics");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Semantics" })).ToBeVisibleAsync();
        await page.ShownAsync();
        await page.ChartsDrawnAsync();
        await page.Page.Keyboard.PressAsync("[");
        await page.Page.WaitForURLAsync("**/lineages/microworld/semantics?to=7");

        await page.Page.Keyboard.PressAsync("?");
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Value drift");
        await Expect(dialog.Locator(":focus")).ToHaveCountAsync(1);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        page.AssertClean();
    }

    [Fact]
    public async Task On_a_phone_the_navigation_opens_leads_on_and_closes_by_keys()
    {
        await using var page = await chromium.OpenAsync(demo, width: 390, height: 844);
        await page.GoToAsync("lineages/microworld/overview");
        await page.ChartsDrawnAsync();
        var menu = page.Page.GetByRole(AriaRole.Button, new() { Name = "Navigation", Exact = true });
        var link = page.Page.GetByRole(AriaRole.Link, new() { Name = "Value drift" });
        var first = page.Page.GetByRole(AriaRole.Link, new() { Name = "Driftline", Exact = true });
        await Expect(link).ToBeHiddenAsync();

        await menu.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(first).ToBeFocusedAsync();
        await Expect(menu).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(link).ToBeHiddenAsync();
        await Expect(menu).ToBeFocusedAsync();

        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(first).ToBeFocusedAsync();
        for (var step = 0; step < 3 && !await link.EvaluateAsync<bool>("link => link === document.activeElement"); step++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(link).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync("**/lineages/microworld/values");
        await Expect(link).ToBeHiddenAsync();
        page.AssertClean();
    }
}
