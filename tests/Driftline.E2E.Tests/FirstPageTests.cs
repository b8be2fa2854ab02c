using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

public sealed class FirstPageTests(DriftlineProgram driftline, Chromium chromium) : IClassFixture<DriftlineProgram>
{
    [Fact]
    public async Task The_first_page_shows_its_title_and_answers_a_click_without_an_error()
    {
        await using var page = await chromium.OpenAsync();

        await page.Page.GotoAsync(driftline.Address.ToString());
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page).ToHaveTitleAsync("Lineages · Driftline");
        await page.ScreenshotAsync("first-page");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: system" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: light" })).ToBeVisibleAsync();

        Assert.Empty(page.Errors);
        Assert.Equal([driftline.Address.GetLeftPart(UriPartial.Authority)], page.Origins);
    }
}
