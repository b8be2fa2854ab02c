using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>A page of a server that remembers every error it showed and every origin it asked.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    // Two busy cores draw a page of charts in seconds; what takes longer than this does not come.
    private const int LimitMilliseconds = 30_000;

    // Everything that WCAG 2.1 asks for at level AA.
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"),
        ResultTypes = [ResultType.Violations],
    };

    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<string, byte> _origins = new();
    private readonly Uri _address;

    internal BrowserPage(IPage page, Uri address)
    {
        Page = page;
        _address = address;
        page.SetDefaultTimeout(LimitMilliseconds);
        // Violations of the content security policy are errors of the console, too.
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
        page.Request += (_, request) => _origins.TryAdd(new Uri(request.Url).GetLeftPart(UriPartial.Authority), 0);
    }

    /// <summary>Playwright's page.</summary>
    public IPage Page { get; }

    /// <summary>The charts of the page, those of tiles among them.</summary>
    public ILocator Charts => Page.Locator(".chart");

    /// <summary>The theme that the page is in: light or dark.</summary>
    public Task<string> ThemeAsync() => Page.EvaluateAsync<string>("document.documentElement.dataset.theme");

    /// <summary>Expects something of a part of the page, within the time that two busy cores need.</summary>
    public static ILocatorAssertions Expect(ILocator locator)
    {
        Assertions.SetDefaultExpectTimeout(LimitMilliseconds);
        return Assertions.Expect(locator);
    }

    /// <summary>Goes to a page, by its address relative to the server's, and waits until it answers to clicks.</summary>
    public async Task GoToAsync(string relative)
    {
        await Page.GotoAsync(new Uri(_address, relative).ToString());
        await ShownAsync();
    }

    /// <summary>Waits until the page is there and nothing on it is still being read.</summary>
    public async Task ShownAsync()
    {
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToBeEmptyAsync();
        await Expect(Page.Locator("#content > *").First).ToBeVisibleAsync();
        await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>Waits until every chart of the page is drawn; there must be one.</summary>
    public async Task ChartsDrawnAsync()
    {
        await Expect(Charts.First).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart:not([data-state=ready])")).ToHaveCountAsync(0);
    }

    /// <summary>
    /// Presses the theme button until the page is in a theme: it goes round system, light and dark.
    /// </summary>
    public async Task ChooseThemeAsync(string theme)
    {
        var button = Page.GetByRole(AriaRole.Button, new() { NameString = "Theme: " });
        for (var presses = 0; presses < 3 && await button.GetAttributeAsync("aria-label") != $"Theme: {theme}"; presses++)
        {
            var before = await button.GetAttributeAsync("aria-label");
            await button.ClickAsync();
            await Expect(button).Not.ToHaveAttributeAsync("aria-label", before!);
        }

        await Expect(Page.Locator($"html[data-theme={theme}]")).ToHaveCountAsync(1);
    }

    /// <summary>Waits until nothing makes the page wider than the window.</summary>
    public Task FitsAsync() => Page.WaitForFunctionAsync("document.documentElement.scrollWidth <= window.innerWidth");

    /// <summary>Fails when axe finds something serious on the page as it is now.</summary>
    public async Task AssertAccessibleAsync(string where)
    {
        var found = await Page.RunAxe(Rules);
        var grave = found.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}{string.Concat(violation.Nodes.Take(6).Select(node => $"\n    {node.Target} {node.Html}"))}");
        Assert.True(!grave.Any(), $"{where}:\n  {string.Join("\n  ", grave)}");
    }

    /// <summary>Fails when the page showed an error or asked another origin than the server's.</summary>
    public void AssertClean()
    {
        Assert.Empty(_errors);
        Assert.Equal([_address.GetLeftPart(UriPartial.Authority)], _origins.Keys.Where(origin => origin != "data:"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
    }

    private void Note(bool isError, string text)
    {
        if (isError)
        {
            _errors.Enqueue(text);
        }
    }
}
