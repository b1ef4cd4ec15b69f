using Microsoft.Playwright;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>The page as people meet it, in a real browser.</summary>
/// <remarks>With <c>SPAMGUARD_SCREENSHOTS</c> set to a folder, pictures are left there.</remarks>
public sealed class PageInBrowserTests(SmallLedgerFixture server, Browser browser) : IClassFixture<SmallLedgerFixture>, IClassFixture<Browser>
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("SPAMGUARD_SCREENSHOTS");

    public static TheoryData<string, int, int, bool, bool> Looks => new()
    {
        { "desktop", 1280, 900, false, false },
        { "phone", 375, 812, false, false },
        { "dark", 1280, 900, true, false },
        { "phone-dark", 375, 812, true, false },
        { "print", 1032, 794, false, true },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Page_InEveryLook_IsAccessibleAndFitsAndAsksForNothingElse(string look, int width, int height, bool isDark, bool isPrint)
    {
        await using var context = await browser.OpenAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        });
        var page = await context.NewPageAsync();
        var (requests, messages) = (new List<string>(), new List<string>());
        page.Request += (_, request) => requests.Add(request.Url);
        page.Console += (_, message) => messages.Add(message.Text);
        page.PageError += (_, error) => messages.Add(error);
        await page.EmulateMediaAsync(new() { Media = isPrint ? Media.Print : Media.Screen });
        foreach (var path in (string[])["/transparency", "/transparency?from=2020-13"])
        {
            await page.GotoAsync(server.Url(Listener.Transparency) + path);
            await ScreenshotAsync(page, path.Contains('?') ? look + "-refused" : look);
            await Browser.AssertAccessibleAndFitsAsync(page);
            Assert.Equal(
                0, width < 1280 ? 0 : await page.EvaluateAsync<int>("Math.max(0, ...[...document.querySelectorAll('.scroll')].map(one => one.scrollWidth - one.clientWidth))")); // no table does on a screen
        }

        Assert.All(requests, url => Assert.StartsWith(server.Url(Listener.Transparency) + "/transparency", url));
        Assert.Equal(2, requests.Count);
        Assert.DoesNotContain(messages, static message => !message.Contains("400", StringComparison.Ordinal)); // which the refusal is
    }

    [Theory]
    [InlineData("unsound", 1280, false, false)]
    [InlineData("unsound-phone-dark", 375, true, false)]
    [InlineData("unsound-print", 1032, false, true)]
    public async Task Page_OfALedgerThatIsNotSound_BeginsWithAnAlert(string look, int width, bool isDark, bool isPrint)
    {
        var unsound = new SmallLedgerFixture();
        await unsound.InitializeAsync();
        try
        {
            ((DeskLedger)unsound.Services.GetService(typeof(DeskLedger))!).Distrust("a test says so");
            await using var context = await browser.OpenAsync(new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
                ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            });
            var page = await context.NewPageAsync();
            await page.EmulateMediaAsync(new() { Media = isPrint ? Media.Print : Media.Screen });
            await page.GotoAsync(unsound.Url(Listener.Transparency) + "/transparency");
            await ScreenshotAsync(page, look);

            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Do not rely on these figures.");
            Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').firstElementChild.matches('[role=alert]')"), "Something stands before it.");
            await Browser.AssertAccessibleAndFitsAsync(page);
        }
        finally
        {
            await unsound.DisposeAsync();
        }
    }

    [Fact]
    public async Task Page_WithoutScriptsAndByTheKeyboardAlone_ShowsAnotherPeriod()
    {
        await using var context = await browser.OpenAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Url(Listener.Transparency) + "/transparency");
        var months = await page.Locator("#other tbody th").AllInnerTextsAsync();

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".skip")).ToBeFocusedAsync();
        while (await page.Locator("#from:focus").CountAsync() == 0)
        {
            Assert.False(await page.Locator("#to:focus").CountAsync() > 0, "The form was passed.");
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Home"); // the list begins with the latest
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#from")).ToHaveValueAsync(months[^2]);
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("#to")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("button")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#other tbody th")).ToHaveTextAsync([months[^2], months[^1]]);
        Assert.EndsWith($"/transparency?from={months[^2]}&to={months[^1]}", page.Url);
        Assert.Equal(0, await page.Locator("script").CountAsync());
    }

    [Fact]
    public async Task Page_TableThatIsTooWide_ScrollsByItselfByTheKeyboard()
    {
        await using var context = await browser.OpenAsync(new() { ViewportSize = new() { Width = 375, Height = 812 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.Url(Listener.Transparency) + "/transparency");

        var region = page.GetByRole(AriaRole.Region, new() { Name = "Requests by month and kind" });
        await region.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");

        // Not by WaitForFunctionAsync: where the first look is too early it evaluates a string, which the page's own policy forbids.
        await Poll.UntilAsync(() => page.EvaluateAsync<bool>("document.activeElement.scrollLeft > 0")).DefaultTimeout();
        Assert.Equal(0, await page.EvaluateAsync<int>("window.scrollX"));
    }

    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (!string.IsNullOrEmpty(Screenshots))
        {
            Directory.CreateDirectory(Screenshots);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, name + ".png"), FullPage = true });
        }
    }
}
