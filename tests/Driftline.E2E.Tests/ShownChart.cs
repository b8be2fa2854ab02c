using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>A chart as the page has drawn it, with the figure that it fetched.</summary>
/// <param name="Traces">Series drawn.</param>
/// <param name="Points">Values drawn.</param>
/// <param name="Figure">The figure's address, relative to the server's.</param>
/// <param name="Spec">The figure.</param>
internal sealed record ShownChart(int Traces, int Points, string Figure, JsonNode Spec)
{
    /// <summary>Reads a chart that has been drawn.</summary>
    public static async Task<ShownChart> ReadAsync(BrowserPage page, ILocator chart)
    {
        await BrowserPage.Expect(chart).ToHaveAttributeAsync("data-state", "ready");
        var figure = (await chart.GetAttributeAsync("data-figure"))!;
        var spec = await page.Page.EvaluateAsync<string>("async figure => await (await fetch(figure)).text()", figure);
        return new ShownChart(await CountAsync(chart, "data-traces"), await CountAsync(chart, "data-points"), figure, JsonNode.Parse(spec)!);
    }

    /// <summary>The chart of a measure at reading size; other words of its address, such as a slice, tell it from its siblings.</summary>
    public static ILocator Find(BrowserPage page, string kind, string measure, string suite, string also = "") =>
        page.Page.Locator($".chart[data-figure^='figures/{kind}?'][data-figure*='measure={measure}&'][data-figure*='suite={suite}']{also}:has(.chart-table-toggle)");

    /// <summary>A parameter of the figure's address; null when it is absent.</summary>
    public string? Parameter(string key) => HttpUtility.ParseQueryString(Figure.Split('?', 2)[1])[key];

    private static async Task<int> CountAsync(ILocator chart, string attribute) =>
        int.Parse((await chart.GetAttributeAsync(attribute))!, CultureInfo.InvariantCulture);
}
