using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>Files that a chart's menu hands to the browser's downloads.</summary>
internal static class Exported
{
    /// <summary>Chooses an item of the menu of a chart's card, and reads the file that comes.</summary>
    public static async Task<string> TextAsync(BrowserPage page, ILocator chart, string item)
    {
        var menu = chart.Locator("xpath=ancestor::section[1]").Locator("[data-chart-menu]");
        var bytes = await BytesAsync(page, async () =>
        {
            await menu.Locator("summary").ClickAsync();
            await menu.GetByText(item, new() { Exact = true }).ClickAsync();
        });
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads the file that something downloads.</summary>
    public static async Task<byte[]> BytesAsync(BrowserPage page, Func<Task> action)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(action);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }
}
