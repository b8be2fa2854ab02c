using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>
/// A picture of the README, taken into <c>artifacts/pictures</c> by a test that has its page open anyway. With
/// <c>DRIFTLINE_UPDATE_PICTURES=1</c> it becomes the committed one; without, rendering that differs by a pixel from one machine to the
/// next changes no file.
/// </summary>
internal static class Picture
{
    // Where the last row of cards ends that fits into a height, so that no card is cut; a list that is longer than the rest of it is.
    private const string WholeCards = """
        limit => {
          const ends = [...document.querySelectorAll("#content .card")].map((card) => Math.floor(card.getBoundingClientRect().bottom + scrollY) + 12);
          const whole = Math.max(0, ...ends.filter((end) => end <= limit));
          return whole > limit * 0.6 ? whole : limit;
        }
        """;

    /// <summary>The folder of those that are committed.</summary>
    public static string Committed { get; } = Path.Combine(Repository.Root, "tests", "Driftline.E2E.Tests", "Pictures");

    /// <summary>Takes it from the page as it is now, down to a height at most, and leaves the page as it was.</summary>
    public static async Task TakeAsync(BrowserPage page, string name, int height)
    {
        var before = page.Page.ViewportSize!;
        await page.Page.EvaluateAsync("scrollTo(0, 0)");
        await page.Page.SetViewportSizeAsync(before.Width, await page.Page.EvaluateAsync<int>(WholeCards, height));
        var taken = Path.Combine(Repository.Artifacts, "pictures", name + ".png");
        await page.Page.ScreenshotAsync(new() { Path = taken, Animations = ScreenshotAnimations.Disabled });
        await page.Page.SetViewportSizeAsync(before.Width, before.Height);
        if (Environment.GetEnvironmentVariable("DRIFTLINE_UPDATE_PICTURES") == "1")
        {
            Directory.CreateDirectory(Committed);
            File.Copy(taken, Path.Combine(Committed, name + ".png"), overwrite: true);
        }
    }
}
