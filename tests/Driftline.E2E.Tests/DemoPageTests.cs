namespace Driftline.E2E.Tests;

/// <summary>The pages of one of the demo's lineages, wide and narrow, light and dark.</summary>
public abstract class DemoPageTests(DemoProgram demo, Chromium chromium)
{
    private const int Wide = 1280;
    private const int Narrow = 390;
    private const int Height = 900;

    // The theme and the width are changed within the page, each once: loading a page takes longer than to look at it.
    private static readonly (int Width, string Theme)[] Looks = [(Wide, "light"), (Wide, "dark"), (Narrow, "dark"), (Narrow, "light")];

    // What the README shows of these pages.
    private static readonly (string Address, int Width, string Theme, string Name, int Height)[] Pictures =
    [
        ("lineages/microworld/overview", Wide, "light", "overview-light", 1420),
        ("lineages/microworld/overview", Wide, "dark", "overview-dark", 1420),
        ("lineages/microworld/overview", Narrow, "light", "overview-390", 1600),
        ("lineages/microworld/values", Wide, "light", "values-light", 1480),
        ("lineages/microworld/loop", Wide, "light", "loop-light", 1200),
        ("lineages/microworld/behaviours", Wide, "dark", "behaviours-dark", 1100),
        (DemoProgram.OneSample, Wide, "light", "sample-light", 480),
        ("imports", Wide, "light", "imports-light", 900),
    ];

    /// <summary>Opens a page and looks at it in every way.</summary>
    protected async Task AssertGoodAsync(string address)
    {
        await using var page = await chromium.OpenAsync(demo, Wide, Height);
        await page.GoToAsync(address);
        foreach (var (width, theme) in Looks)
        {
            await page.Page.SetViewportSizeAsync(width, Height);
            await page.ChooseThemeAsync(theme);
            if (DemoProgram.HasCharts(address))
            {
                await page.ChartsDrawnAsync();
            }

            await page.FitsAsync();
            await page.AssertAccessibleAsync($"{address} at {width} px, {theme}");
            foreach (var picture in Pictures.Where(picture => (picture.Address, picture.Width, picture.Theme) == (address, width, theme)))
            {
                await Picture.TakeAsync(page, picture.Name, picture.Height);
            }
        }

        page.AssertClean();
    }
}

// Two classes, so that they run side by side.

/// <summary>The lineage without branches, and the pages about none.</summary>
public sealed class TablePageTests(DemoProgram demo, Chromium chromium) : DemoPageTests(demo, chromium)
{
    /// <summary>The pages, as test data.</summary>
    public static TheoryData<string> Pages => [.. DemoProgram.Pages.Where(page => !DemoProgram.IsBranched(page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_drawn_without_an_error_fits_a_phone_and_can_be_read_by_everyone(string address) => AssertGoodAsync(address);
}

/// <summary>The lineage with branches and seeds.</summary>
public sealed class BranchedPageTests(DemoProgram demo, Chromium chromium) : DemoPageTests(demo, chromium)
{
    /// <summary>The pages, as test data.</summary>
    public static TheoryData<string> Pages => [.. DemoProgram.Pages.Where(DemoProgram.IsBranched)];

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_drawn_without_an_error_fits_a_phone_and_can_be_read_by_everyone(string address) => AssertGoodAsync(address);
}
