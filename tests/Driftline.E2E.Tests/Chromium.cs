using Driftline.Tests.Shared;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Driftline.E2E.Tests.Chromium))]

namespace Driftline.E2E.Tests;

/// <summary>One headless Chromium for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await InstalledChromium.LaunchAsync(_playwright);
    }

    /// <summary>Opens an empty page for a server in a context of its own, with its errors on record from the start.</summary>
    public async Task<BrowserPage> OpenAsync(DriftlineProgram program, int width = 1280, int height = 800, ColorScheme colors = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new BrowserPage(await context.NewPageAsync(), program.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
