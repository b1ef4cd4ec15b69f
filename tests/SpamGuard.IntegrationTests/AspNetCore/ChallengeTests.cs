extern alias client;

using System.Net;
using System.Net.Http.Json;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Grpc.Core;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A challenge, there and back: one event, counted once, and one answer.</summary>
public sealed class ChallengeTests(TestAddressFixture server) : IClassFixture<TestAddressFixture>
{
    private const string Challenged = "203.0.113.2";

    [Fact]
    public async Task Proof_ThatHolds_IsReportedPreviewedAndLetThroughByTheFirstDecision()
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        var seen = await app.SeenAsync("/sign-up", Challenged, state, "right");

        Assert.Equal(new Seen("SignUp", "Allow", "fake-decision-1", true), seen);
        Assert.Single(fake.Scored);
        Assert.Equal([("fake-decision-1", OutcomeLabel.ChallengePassed)], fake.Reports.Select(static report => (report.DecisionToken, report.Label)));
        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=held} 1", app.Measurements);
    }

    [Fact]
    public async Task Proof_ThatHolds_IsEnoughThoughTheServiceStillSaysChallenge()
    {
        await using var app = await StartAsync();
        var state = await app.ChallengedAsync("/mvc/sign-up", Challenged);

        var seen = await app.SeenAsync("/mvc/sign-up", Challenged, state, "right");

        Assert.Equal(("Challenge", true), (seen.Verdict, seen.IsChallengePassed)); // a test address is challenged for ever
    }

    [Fact]
    public async Task Proof_InAForm_KeepsThePageOfTheController()
    {
        await using var app = await StartAsync();

        var (_, state) = await PageAsync(null, null);
        var (hasFailed, next) = await PageAsync(state, "wrong");
        using var last = Form(next, "right");
        using var passed = await app.PostAsync("/form", Challenged, content: last);

        Assert.True(hasFailed);
        Assert.NotEqual(state, next);
        Assert.True((await passed.Content.ReadFromJsonAsync<Seen>())!.IsChallengePassed);

        async Task<(bool HasFailed, string State)> PageAsync(string? state, string? answer)
        {
            using var form = Form(state, answer);
            using var response = await app.PostAsync("/form", Challenged, content: form);
            var parts = (await response.Content.ReadAsStringAsync()).Split(' ');
            return (bool.Parse(parts[0]), parts[1]);
        }
    }

    [Fact]
    public async Task Proof_ThatFails_IsReportedAndChallengedAnewForTheSameDecision()
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var first = await app.ChallengedAsync("/sign-up", Challenged);

        var second = await app.ChallengedAsync("/sign-up", Challenged, first, "wrong");
        var third = await app.ChallengedAsync("/sign-up", Challenged, first, "right"); // one answer each
        Assert.Equal([OutcomeLabel.ChallengeFailed], fake.Reports.Select(static report => report.Label));
        var seen = await app.SeenAsync("/sign-up", Challenged, second, "right");
        await app.RepeatedAsync("/sign-up", Challenged, third, "right"); // one request each decision

        Assert.Equal("fake-decision-1", seen.DecisionToken);
        Assert.Equal(3, new HashSet<string>([first, second, third], StringComparer.Ordinal).Count);
        Assert.Single(fake.Scored);
        Assert.Equal(
            ["failed} 1", "used} 1", "held} 1", "used} 1"],
            app.Measurements.Where(static line => line.StartsWith("spamguard.aspnetcore.proofs", StringComparison.Ordinal)).Select(static line => line.Split("outcome=")[1]));
    }

    [Fact]
    public async Task State_AnsweredAtAnotherInstance_IsFoundOutByTheService()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var one = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys));
        await using var other = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys));
        var state = await one.ChallengedByVolumeAsync("91.14.2.9");

        Assert.True((await one.SeenAsync("/sign-up", "91.14.2.9", state, "right")).IsChallengePassed);
        await other.RepeatedAsync("/sign-up", "91.14.2.9", state, "right");
        await other.RepeatedAsync("/sign-up", "91.14.2.9", state, "right");

        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=used} 1", other.Measurements);
    }

    [Fact]
    public async Task Proof_WhenTheVerdictHasBecomeHarder_IsRefused()
    {
        await using var app = await StartAsync();
        var state = await app.ChallengedByVolumeAsync("92.14.2.9");
        HttpStatusCode last = default;
        for (var i = 0; i < 12; i++)
        {
            using var more = await app.PostAsync("/sign-up", "92.14.2.9");
            last = more.StatusCode;
        }

        using var refused = await app.PostAsync("/sign-up", "92.14.2.9", state, "right");

        Assert.Equal(HttpStatusCode.Forbidden, last);
        Assert.True(refused.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Forbidden, $"{refused.StatusCode}");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=held} 1", app.Measurements);
    }

    [Theory]
    [InlineData("/sign-up", "203.0.114.2", 0, false)] // from elsewhere
    [InlineData("/message", Challenged, 0, false)] // for something else
    [InlineData("/sign-up", Challenged, 901, false)] // too late
    [InlineData("/sign-up", Challenged, 0, true)] // changed
    public async Task State_ThatIsNotThisRequests_CountsForNothing(string path, string address, int seconds, bool changes)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(services => CheckedApp.Of(fake)(services.AddSingleton<TimeProvider>(time)));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        time.Advance(TimeSpan.FromSeconds(seconds));

        await app.ChallengedAsync(path, address, changes ? state[..^4] + "AAAA" : state, "right");

        Assert.Equal(2, fake.Scored.Count);
        Assert.Empty(fake.Reports);
        Assert.Contains(app.Measurements, static line => line.StartsWith("spamguard.aspnetcore.proofs{", StringComparison.Ordinal) && line.EndsWith("outcome=not_taken} 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    public async Task State_ThatIsNone_CountsForNothing(string state)
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));

        await app.ChallengedAsync("/sign-up", Challenged, state, "right");

        Assert.Single(fake.Scored);
        Assert.Empty(fake.Reports);
        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=not_taken} 1", app.Measurements);
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "a=b")]
    public async Task Form_ThatIsNone_IsARequestWithoutAState(string type, string body)
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await app.PostAsync("/sign-up", Challenged, content: content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(fake.Scored);
    }

    [Theory]
    [InlineData("ann", "other")]
    [InlineData("other", "hello")]
    [InlineData("annh", "ello")]
    public async Task State_OfAnotherAccountOrContent_CountsForNothing(string account, string content)
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), static options =>
        {
            options.Account = static context => ValueTask.FromResult<string?>(context.Request.Query["account"]);
            options.Content = static context => ValueTask.FromResult<string?>(context.Request.Query["content"]);
        });
        var state = await app.ChallengedAsync("/message?account=ann&content=hello", Challenged);

        await app.ChallengedAsync($"/message?account={account}&content={content}", Challenged, state, "right");

        Assert.Equal(2, fake.Scored.Count); // what it says now is counted too
        Assert.True((await app.SeenAsync("/message?account=ann&content=hello", Challenged, state, "right")).IsChallengePassed);
    }

    [Fact]
    public async Task State_FromANeighbourOfTheSame64_IsTaken()
    {
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(Challenging()));
        var state = await app.ChallengedAsync("/sign-up", "2001:db8:1:2::3");

        await app.ChallengedAsync("/sign-up", "2001:db8:1:3::3", state, "right");
        Assert.True((await app.SeenAsync("/sign-up", "2001:db8:1:2:9:9:9:9", state, "right")).IsChallengePassed); // privacy extensions change the rest
    }

    [Fact]
    public async Task Proof_WhileTheServiceIsAway_IsTakenOnce()
    {
        var fake = Challenging();
        fake.AwayVerdict = Verdict.Challenge;
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        fake.IsAway = true;

        var seen = await app.SeenAsync("/sign-up", Challenged, state, "right");
        await app.RepeatedAsync("/sign-up", Challenged, state, "right");

        Assert.Equal(new Seen("SignUp", "Challenge", "fake-decision-1", true), seen);
    }

    [Fact]
    public async Task Challenge_SetWhileTheServiceIsAway_IsOfAnEventThatIsCountedLater()
    {
        var fake = Challenging();
        (fake.IsAway, fake.AwayVerdict) = (true, Verdict.Challenge);
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        fake.IsAway = false;
        fake.Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Challenge);

        var seen = await app.SeenAsync("/sign-up", Challenged, state, "right");

        Assert.Equal(new Seen("SignUp", "Challenge", "fake-decision-1", true), seen);
        Assert.Equal(2, fake.Scored.Count); // the first one nobody counted
        Assert.Empty(fake.Reports);
    }

    [Fact]
    public async Task State_OfADecisionThatTheServiceNoLongerKnows_CountsForNothing()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var before = await CheckedApp.StartAsync(services => CheckedApp.Of(Challenging())(services.AddSingleton<IDataProtectionProvider>(keys)));
        await using var after = await CheckedApp.StartAsync(services => CheckedApp.Of(Challenging())(services.AddSingleton<IDataProtectionProvider>(keys)));
        var state = await before.ChallengedAsync("/sign-up", Challenged);

        await after.ChallengedAsync("/sign-up", Challenged, state, "right");

        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=not_taken} 1", after.Measurements);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // as a call of SpamGuard would
    public async Task Proof_ThatCantBeLookedAt_CanBeGivenAgain(bool failsByStatus)
    {
        Exception failure = failsByStatus ? new RpcException(new Status(StatusCode.Unavailable, "Another service.")) : new InvalidOperationException("Broken.");
        var isBroken = true;
        await using var app = await CheckedApp.StartAsync(
            CheckedApp.Of(Challenging()), options => options.VerifyChallenge = _ => isBroken ? throw failure : ValueTask.FromResult(true));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        using var broken = await app.PostAsync("/sign-up", Challenged, state);
        isBroken = false;

        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.True((await app.SeenAsync("/sign-up", Challenged, state)).IsChallengePassed);
    }

    [Fact]
    public async Task Proof_ThatWasRefused_LetsThroughLaterWithoutAnother()
    {
        var fake = new ChangingClient(Challenging()) { Now = Verdict.Throttle };
        var looked = 0;
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), options => options.VerifyChallenge = _ => ValueTask.FromResult(Interlocked.Increment(ref looked) == 1));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        using var refused = await app.PostAsync("/sign-up", Challenged, state);
        using var still = await app.PostAsync("/sign-up", Challenged, state);
        fake.Now = Verdict.Challenge;
        var seen = await app.SeenAsync("/sign-up", Challenged, state);
        await app.RepeatedAsync("/sign-up", Challenged, state);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, true), (refused.StatusCode, still.StatusCode, refused.Headers.RetryAfter is not null));
        Assert.Equal(("fake-decision-1", true, 1), (seen.DecisionToken, seen.IsChallengePassed, looked));
        Assert.Single(fake.Inner.Scored);
        Assert.Single(fake.Inner.Reports);
    }

    [Theory]
    [InlineData("right", HttpStatusCode.TooManyRequests, Verdict.Throttle)]
    [InlineData("wrong", HttpStatusCode.Forbidden, Verdict.Allow)]
    public async Task Challenge_SetWhileTheServiceIsAwayAndAnsweredTwice_IsOneEvent(string answer, HttpStatusCode status, Verdict verdict)
    {
        var fake = Challenging();
        (fake.IsAway, fake.AwayVerdict) = (true, Verdict.Challenge);
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        (fake.IsAway, fake.Answer) = (false, _ => FakeSpamGuardClient.Assessment(verdict));

        using var first = await app.PostAsync("/sign-up", Challenged, state, answer);
        using var second = await app.PostAsync("/sign-up", Challenged, state, answer);

        Assert.Equal((status, status), (first.StatusCode, second.StatusCode));
        Assert.Equal(2, fake.Scored.Count); // when it was away, and once since
    }

    private static FakeSpamGuardClient Challenging() => new() { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Challenge) };

    private static FormUrlEncodedContent Form(string? state, string? answer) => new(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["number"] = "1", ["spamguard-challenge"] = state, ["answer"] = answer }.Where(static pair => pair.Value is not null)!);

    private Task<CheckedApp> StartAsync(Action<IServiceCollection>? services = null, Action<SpamGuardChecksOptions>? configure = null) => CheckedApp.StartAsync(
        all =>
        {
            services?.Invoke(all);
            CheckedApp.Of(server)(all);
        },
        configure);
}
