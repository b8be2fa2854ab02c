using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>
/// The pictures of the README, taken of the demo into <c>artifacts/pictures</c>. With <c>DRIFTLINE_UPDATE_PICTURES=1</c> they become
/// those that are committed; without, rendering that differs by a pixel from one machine to the next changes no file.
/// </summary>
public sealed class PictureTests(DemoProgram demo, Chromium chromium)
{
    private const int LargestBytes = 400 * 1024;

    // Where the last row of cards ends that fits into a height, so that no card is cut.
    private const string WholeCards = """
        limit => {
          const ends = [...document.querySelectorAll(".card")].map((card) => Math.floor(card.getBoundingClientRect().bottom) + 12);
          return Math.max(...ends.filter((end) => end <= limit));
        }
        """;

    [Theory]
    [InlineData("overview-light", "lineages/microworld/overview", ColorScheme.Light, 1280, 1420)]
    [InlineData("overview-dark", "lineages/microworld/overview", ColorScheme.Dark, 1280, 1420)]
    [InlineData("values-light", "lineages/microworld/values?suite=values", ColorScheme.Light, 1280, 1480)]
    [InlineData("overview-390", "lineages/microworld/overview", ColorScheme.Light, 390, 1600)]
    public async Task A_picture_of_the_demo_is_taken_and_committed(string name, string address, ColorScheme colors, int width, int height)
    {
        await using var page = await chromium.OpenAsync(demo, width, height, colors);
        await page.GoToAsync(address);
        await page.ChartsDrawnAsync();
        await page.Page.SetViewportSizeAsync(width, await page.Page.EvaluateAsync<int>(WholeCards, height));
        var taken = Path.Combine(Repository.Artifacts, "pictures", name + ".png");
        await page.Page.ScreenshotAsync(new() { Path = taken });

        var committed = Path.Combine(Repository.Root, "tests", "Driftline.E2E.Tests", "Pictures", name + ".png");
        if (Environment.GetEnvironmentVariable("DRIFTLINE_UPDATE_PICTURES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(committed)!);
            File.Copy(taken, committed, overwrite: true);
        }

        Assert.True(File.Exists(committed), $"Pictures/{name}.png is not committed; take it with DRIFTLINE_UPDATE_PICTURES=1.");
        Assert.InRange(new FileInfo(committed).Length, 10 * 1024, LargestBytes);
        page.AssertClean();
    }
}
