using Microsoft.Playwright;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>Debian's Chromium without a window, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            throw new InvalidOperationException($"There is no {Executable}, and the page is looked at in a real browser. Install it (Debian: apt-get install chromium), or run tests/run as root, which does.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"], // root has no sandbox, and a container little shared memory
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A window of its own: nothing is shared with others.</summary>
    internal Task<IBrowserContext> OpenAsync(BrowserNewContextOptions options) =>
        (_browser ?? throw new InvalidOperationException("The browser is not started.")).NewContextAsync(options);
}
