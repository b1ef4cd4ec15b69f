extern alias client;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

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
        var guessed = await app.ChallengedAsync("/sign-up", Challenged, first, "right"); // one answer each
        Assert.Equal([OutcomeLabel.ChallengeFailed], fake.Reports.Select(static report => report.Label));
        var seen = await app.SeenAsync("/sign-up", Challenged, second, "right");

        Assert.Equal("fake-decision-1", seen.DecisionToken);
        Assert.NotEqual(first, guessed);
        Assert.Equal(2, fake.Scored.Count); // the guess was an event of its own
        foreach (var outcome in (string[])["failed", "used", "held"])
        {
            Assert.Contains($"spamguard.aspnetcore.proofs{{kind=sign_up,outcome={outcome}}} 1", app.Measurements);
        }
    }

    [Fact]
    public async Task State_AnsweredAtAnotherInstance_IsFoundOutByTheService()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var one = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys));
        await using var other = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys));
        var state = await ChallengedByVolumeAsync(one, "91.14.2.9");

        Assert.True((await one.SeenAsync("/sign-up", "91.14.2.9", state, "right")).IsChallengePassed);
        using var again = await other.PostAsync("/sign-up", "91.14.2.9", state, "right");

        Assert.NotEqual(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains("spamguard.aspnetcore.proofs{kind=sign_up,outcome=used} 1", other.Measurements);
    }

    [Fact]
    public async Task Proof_WhenTheVerdictHasBecomeHarder_IsRefused()
    {
        await using var app = await StartAsync();
        var state = await ChallengedByVolumeAsync(app, "92.14.2.9");
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
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(Challenging()));

        await app.ChallengedAsync("/sign-up", Challenged, state, "right");
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
        await app.ChallengedAsync("/sign-up", Challenged, state, "right");

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

    [Fact]
    public async Task Proof_ThatCantBeLookedAt_CanBeGivenAgain()
    {
        var isBroken = true;
        await using var app = await CheckedApp.StartAsync(
            CheckedApp.Of(Challenging()), options => options.VerifyChallenge = _ => isBroken ? throw new InvalidOperationException("Broken.") : ValueTask.FromResult(true));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        using var broken = await app.PostAsync("/sign-up", Challenged, state);
        isBroken = false;

        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.True((await app.SeenAsync("/sign-up", Challenged, state)).IsChallengePassed);
    }

    [Fact]
    public async Task Answers_AtTheSameTime_AreOne()
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.PostAsync("/sign-up", Challenged, state, "right")));

        Assert.Equal(1, answers.Count(static answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single(fake.Reports);
    }

    private static FakeSpamGuardClient Challenging() => new() { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Challenge) };

    private static FormUrlEncodedContent Form(string? state, string? answer) => new(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["number"] = "1", ["spamguard-challenge"] = state, ["answer"] = answer }.Where(static pair => pair.Value is not null)!);

    // By an address that is scored.
    private static async Task<string> ChallengedByVolumeAsync(CheckedApp app, string address)
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await app.PostAsync("/sign-up", address);
            if (response.StatusCode == HttpStatusCode.Forbidden)
            {
                return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("challengeState").GetString()!;
            }
        }

        throw new InvalidOperationException("It was never challenged.");
    }

    private Task<CheckedApp> StartAsync(Action<IServiceCollection>? services = null) => CheckedApp.StartAsync(all =>
    {
        services?.Invoke(all);
        CheckedApp.Of(server)(all);
    });
}
