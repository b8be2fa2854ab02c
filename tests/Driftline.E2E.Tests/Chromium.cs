using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Driftline.E2E.Tests.Chromium))]

namespace Driftline.E2E.Tests;

/// <summary>
/// One headless Chromium for all tests: the installed one, found on the PATH or named by <c>DRIFTLINE_TEST_CHROMIUM</c>.
/// Playwright's own browsers are never downloaded, and its driver comes with the package.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    // As root, without a graphics card, and without a word to anyone outside.
    private static readonly string[] Flags =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Flags });
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

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DRIFTLINE_TEST_CHROMIUM") is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("No Chromium on the PATH; install the package chromium, or name one with DRIFTLINE_TEST_CHROMIUM.");
    }
}
