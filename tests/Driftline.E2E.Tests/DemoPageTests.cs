using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>Every page of the demo, wide and narrow, light and dark.</summary>
public abstract class DemoPageTests(DemoProgram demo, Chromium chromium, string theme)
{
    private const int Wide = 1280;
    private const int Narrow = 390;
    private const int Height = 900;

    // Everything that WCAG 2.1 asks for at level AA.
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"),
        ResultTypes = [ResultType.Violations],
    };

    /// <summary>The pages, as test data.</summary>
    public static TheoryData<string> Pages => [.. DemoProgram.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_drawn_without_an_error_fits_a_phone_and_can_be_read_by_everyone(string address)
    {
        await using var page = await chromium.OpenAsync(demo, Wide, Height);
        await page.GoToAsync(address);
        await page.ChooseThemeAsync(theme);

        foreach (var width in new[] { Wide, Narrow })
        {
            await page.Page.SetViewportSizeAsync(width, Height);
            if (address.StartsWith("lineages/", StringComparison.Ordinal))
            {
                await page.ChartsDrawnAsync();
            }

            await page.FitsAsync();
            await AssertAccessibleAsync(page, $"{address} at {width} px, {theme}");
        }

        page.AssertClean();
    }

    private static async Task AssertAccessibleAsync(BrowserPage page, string where)
    {
        var found = await page.Page.RunAxe(Rules);
        var grave = found.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}{string.Concat(violation.Nodes.Take(6).Select(node => $"\n    {node.Target} {node.Html}"))}");
        Assert.True(!grave.Any(), $"{where}:\n  {string.Join("\n  ", grave)}");
    }
}

/// <summary>In light colours.</summary>
public sealed class LightDemoPageTests(DemoProgram demo, Chromium chromium) : DemoPageTests(demo, chromium, "light");

/// <summary>In dark colours.</summary>
public sealed class DarkDemoPageTests(DemoProgram demo, Chromium chromium) : DemoPageTests(demo, chromium, "dark");
