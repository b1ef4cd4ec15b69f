using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>Debian's Chromium without a window, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

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

    /// <summary>Fails the test where a page is not accessible, or scrolls sideways.</summary>
    internal static async Task AssertAccessibleAndFitsAsync(IPage page)
    {
        var found = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } });
        Assert.Empty(found.Violations.SelectMany(static violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help} ({node.Html})")));
        Assert.NotEmpty(found.Passes);
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), "The page scrolls sideways.");
    }
}
