using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SpamGuard.IntegrationTests.Transparency;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>The sample as people meet it, in a real browser, and as its guide says by curl.</summary>
public sealed partial class SampleInBrowserTests(SampleFixture sample, Browser browser) : IClassFixture<SampleFixture>, IClassFixture<Browser>
{
    [Theory]
    [InlineData(1280, false, true)]
    [InlineData(375, true, false)]
    public async Task SignUp_ThatIsChallenged_IsAcceptedByTheRightAnswerAndOnlyOnce(int width, bool isDark, bool hasScripts)
    {
        await using var context = await OpenAsync("203.0.113.2", width, isDark, hasScripts);
        var page = await context.NewPageAsync();
        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);
        var name = string.Create(CultureInfo.InvariantCulture, $"ann-{width}");
        await page.GotoAsync(sample.Program.Url.OriginalString);
        await CheckAsync(page, hasScripts);

        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("One question first");
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync(name); // nothing has to be typed again
        await CheckAsync(page, hasScripts);
        var (first, sum) = await QuestionAsync(page);

        await page.GetByLabel("What is").FillAsync((sum + 1).ToString(CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("p[role=alert]")).ToHaveTextAsync("That was not the answer. Here is another question.");
        await CheckAsync(page, hasScripts);
        (var second, sum) = await QuestionAsync(page);
        Assert.NotEqual(first, second);

        await page.GetByLabel("What is").FillAsync(sum.ToString(CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(sample.Program.Url, "/accounts").AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true })).ToHaveCountAsync(1);
        await CheckAsync(page, hasScripts);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Spam: {name}" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Reported: ");

        var content = await page.ContentAsync();
        Assert.All(requests, url => Assert.StartsWith(sample.Program.Url.OriginalString, url));
        foreach (var text in (string[])[content, sample.Program.Output, .. (await context.CookiesAsync()).Select(static cookie => cookie.Value)])
        {
            Assert.DoesNotContain("203.0.113", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SignUp_ByAStateThatWasUsed_IsRefusedAsSentBefore()
    {
        await using var context = await OpenAsync("198.51.100.2", 1280, isDark: false, hasScripts: true);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sample.Program.Url.OriginalString);
        await page.GetByLabel("Name").FillAsync("bob");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        var (state, sum) = await QuestionAsync(page);
        await page.GetByLabel("What is").FillAsync(sum.ToString(CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(sample.Program.Url, "/accounts").AbsoluteUri);

        // The second account by the first one's answer, as a program would.
        await page.GotoAsync(sample.Program.Url.OriginalString);
        await page.GetByLabel("Name").FillAsync("bob-too");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("One question first");
        await page.EvaluateAsync("state => { document.querySelector('[name=spamguard-challenge]').value = state; }", state);
        await page.GetByLabel("What is").FillAsync(sum.ToString(CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Sent before");
        await Browser.AssertAccessibleAndFitsAsync(page);
        await page.GotoAsync(new Uri(sample.Program.Url, "/accounts").AbsoluteUri);
        await Assertions.Expect(page.GetByText("bob-too")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignUp_WhoseButtonIsClickedTwice_IsOneAccountOrAnotherQuestion(bool isRight)
    {
        await using var context = await OpenAsync(isRight ? "192.0.2.2" : "198.51.100.2", 1280, isDark: false, hasScripts: true);
        var page = await context.NewPageAsync();
        var name = $"twice-{isRight}";
        await page.GotoAsync(sample.Program.Url.OriginalString);
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        var (_, sum) = await QuestionAsync(page);
        await page.GetByLabel("What is").FillAsync((isRight ? sum : sum + 1).ToString(CultureInfo.InvariantCulture));

        await page.GetByRole(AriaRole.Button).DblClickAsync();

        await (isRight
            ? Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(TwiceSent())
            : Assertions.Expect(page.Locator("p[role=alert]")).ToHaveTextAsync("That was not the answer. Here is another question."));
        await page.GotoAsync(new Uri(sample.Program.Url, "/accounts").AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true })).ToHaveCountAsync(isRight ? 1 : 0);
    }

    [Fact]
    public async Task SignUp_ThatIsMistyped_IsNotCounted()
    {
        await using var context = await OpenAsync("203.0.113.4", 1280, isDark: false, hasScripts: true); // which is denied
        var page = await context.NewPageAsync();
        await page.GotoAsync(sample.Program.Url.OriginalString);

        await page.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.Locator("#name-fault")).ToHaveTextAsync("The Name field is required.");
    }

    [Fact]
    public async Task SignUp_ThatIsMistypedWithTheRightAnswer_NeedsNoOther()
    {
        await using var context = await OpenAsync("198.51.100.2", 1280, isDark: false, hasScripts: true);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sample.Program.Url.OriginalString);
        await page.GetByLabel("Name").FillAsync("dora");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        var (_, sum) = await QuestionAsync(page);
        await page.GetByLabel("What is").FillAsync(sum.ToString(CultureInfo.InvariantCulture));
        await page.GetByLabel("Name").FillAsync(string.Empty);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#name-fault")).ToHaveTextAsync("The Name field is required.");

        await page.GetByLabel("Name").FillAsync("dora");
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Uri(sample.Program.Url, "/accounts").AbsoluteUri);
    }

    [Fact]
    public async Task SignUp_ThatIsThrottled_IsAPageThatSaysHowLongToWait()
    {
        await using var context = await OpenAsync("203.0.113.3", 1280, isDark: false, hasScripts: true);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sample.Program.Url.OriginalString);

        await page.GetByLabel("Name").FillAsync("eve");
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Not now");
        await Assertions.Expect(page.GetByText("Please try again in 1 min.")).ToHaveCountAsync(1);
        await Browser.AssertAccessibleAndFitsAsync(page);
    }

    [Fact]
    public async Task Api_ByHeaders_AsksAndTakesTheAnswer()
    {
        using var http = new HttpClient { BaseAddress = sample.Program.Url };
        using var challenged = await PostAsync(null, null);
        var problem = await challenged.Content.ReadFromJsonAsync<JsonElement>();

        using var accepted = await PostAsync(problem.GetProperty("challengeState").GetString(), Sum(problem.GetProperty("question").GetString()!).ToString(CultureInfo.InvariantCulture));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (challenged.StatusCode, accepted.StatusCode));
        Assert.True((await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("isChallengePassed").GetBoolean());

        async Task<HttpResponseMessage> PostAsync(string? state, string? answer)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sign-up") { Content = JsonContent.Create(new { name = "carl" }) };
            request.Headers.Add("X-Forwarded-For", "203.0.113.2");
            if (state is not null)
            {
                request.Headers.Add("SpamGuard-Challenge", state);
                request.Headers.Add("Challenge-Answer", answer);
            }

            return await http.SendAsync(request).DefaultTimeout();
        }
    }

    // The browser shows what the second click was answered with, or the first where it was done by then.
    [GeneratedRegex("^(Sent before|Accounts)$")]
    private static partial Regex TwiceSent();

    private static async Task CheckAsync(IPage page, bool hasScripts)
    {
        if (hasScripts)
        {
            await Browser.AssertAccessibleAndFitsAsync(page); // which is a script itself
        }
    }

    private static async Task<(string State, int Sum)> QuestionAsync(IPage page) =>
        (await page.Locator("[name=spamguard-challenge]").InputValueAsync(), Sum(await page.Locator("label[for=answer]").InnerTextAsync()));

    // "What is 3 plus 4?"
    private static int Sum(string question) => question.Split(' ', '?').Where(static word => int.TryParse(word, CultureInfo.InvariantCulture, out _)).Sum(static word => int.Parse(word, CultureInfo.InvariantCulture));

    private Task<IBrowserContext> OpenAsync(string address, int width, bool isDark, bool hasScripts) => browser.OpenAsync(new()
    {
        ViewportSize = new() { Width = width, Height = 812 },
        ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        JavaScriptEnabled = hasScripts,
        ExtraHTTPHeaders = [KeyValuePair.Create("X-Forwarded-For", address)], // as the proxy on this machine says
    });
}
