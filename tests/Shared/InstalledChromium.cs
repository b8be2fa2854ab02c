using Microsoft.Playwright;

namespace Driftline.Tests.Shared;

/// <summary>
/// The machine's own Chromium, found on the PATH or named by <c>DRIFTLINE_TEST_CHROMIUM</c>. Playwright's browsers are never
/// downloaded, and its driver comes with the package.
/// </summary>
internal static class InstalledChromium
{
    // As root, without a graphics card, and without a word to anyone outside.
    private static readonly string[] Flags =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Starts it without a window.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Flags });

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
