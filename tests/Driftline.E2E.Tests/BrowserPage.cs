using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Driftline.E2E.Tests;

/// <summary>A page that remembers every error it showed and every origin it asked.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<string, byte> _origins = new();

    internal BrowserPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
        page.Request += (_, request) => _origins.TryAdd(new Uri(request.Url).GetLeftPart(UriPartial.Authority), 0);
    }

    public IPage Page { get; }

    /// <summary>Errors of the console, of scripts and of requests, in order.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Every origin that the page sent a request to; inline <c>data:</c> resources count as <c>data:</c>.</summary>
    public IReadOnlyCollection<string> Origins => [.. _origins.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Saves a picture as <c>artifacts/screenshots/NAME.png</c>.</summary>
    public Task ScreenshotAsync(string name, bool fullPage = false)
    {
        return Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(Repository.Artifacts, "screenshots", name + ".png"),
            FullPage = fullPage,
        });
    }

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
