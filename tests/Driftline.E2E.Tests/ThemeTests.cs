using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>Light and dark.</summary>
public sealed class ThemeTests(DemoProgram demo, Chromium chromium)
{
    [Fact]
    public async Task The_page_follows_the_system_until_a_theme_is_chosen_and_keeps_the_choice()
    {
        await using var page = await chromium.OpenAsync(demo, colors: ColorScheme.Dark);
        await page.GoToAsync("lineages/gpt2-political-bias/bias");
        await page.ChartsDrawnAsync();
        Assert.Equal("dark", await page.ThemeAsync());
        var dark = await LabelColourAsync(page);

        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(page.Page.Locator("html[data-theme=light]")).ToHaveCountAsync(1);
        // Charts are drawn again in the other colours.
        await Expect(page.Page.Locator($".chart .xtick text[style*='{dark}']")).ToHaveCountAsync(0);
        await page.ChartsDrawnAsync();

        await page.ChooseThemeAsync("dark");
        await Expect(page.Page.Locator($".chart .xtick text[style*='{dark}']").First).ToBeVisibleAsync();
        await page.Page.ReloadAsync();
        Assert.Equal("dark", await page.ThemeAsync());
        await page.ShownAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: dark" })).ToBeVisibleAsync();
        Assert.Equal(dark, await LabelColourAsync(page));
        page.AssertClean();
    }

    /// <summary>The colour of the numbers under the first chart, as its style has it.</summary>
    private static async Task<string> LabelColourAsync(BrowserPage page)
    {
        var label = page.Page.Locator(".chart .xtick text").First;
        await Expect(label).ToBeVisibleAsync();
        return await label.EvaluateAsync<string>("label => label.style.fill");
    }
}
