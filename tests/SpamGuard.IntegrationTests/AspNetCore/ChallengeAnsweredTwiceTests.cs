extern alias client;

using System.Net;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.AspNetCore;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A challenge that is answered more than once, at once or later, here or elsewhere: one request is let through.</summary>
public sealed class ChallengeAnsweredTwiceTests(TestAddressFixture server) : IClassFixture<TestAddressFixture>
{
    private const string Challenged = "203.0.113.2";

    [Theory]
    [InlineData("/sign-up")]
    [InlineData("/mvc/sign-up")]
    public async Task Answer_SentAgain_IsRefusedAsARepetitionThatCountsNothing(string path)
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync(path, Challenged);
        await app.SeenAsync(path, Challenged, state, "right");

        await app.RepeatedAsync(path, Challenged, state, "right");
        await app.RepeatedAsync(path, Challenged, state, "wrong");

        Assert.Single(fake.Scored);
        Assert.Single(fake.Reports);
        Assert.Contains("spamguard.aspnetcore.checks{kind=sign_up,outcome=repeated} 1", app.Measurements);
    }

    [Fact]
    public async Task Answer_SentAgain_IsForTheApplicationToAnswer()
    {
        await using var app = await CheckedApp.StartAsync(
            CheckedApp.Of(Challenging()),
            static options => options.OnRefused = static refusal => ValueTask.FromResult(Results.Text($"{refusal.Problem.Type} {refusal.Assessment.Verdict}", statusCode: refusal.Problem.Status)));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        await app.SeenAsync("/sign-up", Challenged, state, "right");

        using var again = await app.PostAsync("/sign-up", Challenged, state, "right");

        Assert.Equal((HttpStatusCode.Conflict, "urn:spamguard:repeated Allow"), (again.StatusCode, await again.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Answers_AtTheSameTime_AreOne()
    {
        var fake = Challenging();
        var (looked, go) = (0, Source());
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), options => options.VerifyChallenge = async _ =>
        {
            Interlocked.Increment(ref looked);
            await go.Task;
            return true;
        });
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        var sent = Enumerable.Range(0, 8).Select(_ => app.PostAsync("/sign-up", Challenged, state)).ToList();
        await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref looked) == 1)).DefaultTimeout();
        go.SetResult();
        var answers = await Task.WhenAll(sent);

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)], answers.Select(static answer => answer.StatusCode).Order());
        Assert.Equal(1, looked);
        Assert.Single(fake.Reports);
        Assert.Single(fake.Scored);
    }

    [Fact]
    public async Task Answers_ThatFailAtTheSameTime_AreChallengedAnewForTheSameDecision()
    {
        var fake = Challenging();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        var next = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ChallengedAsync("/sign-up", Challenged, state, "wrong")));

        Assert.Equal(8, next.Distinct(StringComparer.Ordinal).Count());
        Assert.Single(fake.Reports);
        Assert.Single(fake.Scored);
        Assert.Equal("fake-decision-1", (await app.SeenAsync("/sign-up", Challenged, next[3], "right")).DecisionToken);
    }

    [Fact]
    public async Task Answer_WhoseClientLeft_LeavesTheNextOneItsTurn()
    {
        var (looked, go) = (0, Source());
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(Challenging()), options => options.VerifyChallenge = async proof =>
        {
            if (Interlocked.Increment(ref looked) == 1)
            {
                await go.Task.WaitAsync(proof.HttpContext.RequestAborted);
            }

            return true;
        });
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        using var leaves = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = app.Url, DefaultRequestHeaders = { { "X-Forwarded-For", Challenged }, { "SpamGuard-Challenge", state } } };

        var first = http.PostAsync(new Uri("/sign-up", UriKind.Relative), null, leaves.Token);
        await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref looked) == 1)).DefaultTimeout();
        var second = app.SeenAsync("/sign-up", Challenged, state);
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True((await second).IsChallengePassed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Challenges_OfOneDecision_LetOneRequestThroughThoughTheServiceCantTell(bool isAway)
    {
        var fake = Challenging();
        fake.AwayVerdict = Verdict.Challenge;
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake));
        var state = await app.ChallengedAsync("/sign-up", Challenged);
        var next = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.ChallengedAsync("/sign-up", Challenged, state, "wrong")));
        fake.IsAway = isAway;

        var answers = await Task.WhenAll(next.Select(one => app.PostAsync("/sign-up", Challenged, one, "right")));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Conflict, 4)], answers.Select(static answer => answer.StatusCode).Order());
    }

    [Theory]
    [InlineData("/fails")]
    [InlineData("/mvc/fails")]
    public async Task Answer_WhoseHandlerFailed_IsCountedAgainAndNeedsNoOtherProof(string path)
    {
        var fake = Challenging();
        var app = await FailingAsync(fake);
        await using var _ = app;
        var state = await app.ChallengedAsync(path, Challenged);

        using var failed = await app.PostAsync(path + "?fails=true", Challenged, state, "right");
        var seen = await app.SeenAsync(path, Challenged, state);
        await app.RepeatedAsync(path, Challenged, state);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal(new Seen("SignUp", "Challenge", "fake-decision-3", true), seen); // 2 was the preview
        Assert.Equal(2, fake.Scored.Count);
        Assert.Single(fake.Reports);
    }

    [Fact]
    public async Task Answer_WhoseHandlerFailedAndNobodyCounted_LetsNoOtherThrough()
    {
        var fake = Challenging();
        (fake.IsAway, fake.AwayVerdict) = (true, Verdict.Challenge);
        var app = await FailingAsync(fake);
        await using var _ = app;
        var state = await app.ChallengedAsync("/fails", Challenged);

        using var failed = await app.PostAsync("/fails?fails=true", Challenged, state, "right");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        await app.RepeatedAsync("/fails", Challenged, state, "right");
    }

    [Fact]
    public async Task Decision_OfWhichAChallengeIsSetLate_IsRememberedAsLongAsThatIsGood()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        var fake = Challenging();
        fake.AwayVerdict = Verdict.Challenge;
        await using var app = await CheckedApp.StartAsync(services => CheckedApp.Of(fake)(services.AddSingleton<TimeProvider>(time)));
        var first = await app.ChallengedAsync("/sign-up", Challenged);
        var second = await app.ChallengedAsync("/sign-up", Challenged, first, "wrong");
        fake.IsAway = true; // and can't tell
        time.Advance(TimeSpan.FromMinutes(14.9));
        var third = await app.ChallengedAsync("/sign-up", Challenged, first, "wrong");
        Assert.True((await app.SeenAsync("/sign-up", Challenged, second, "right")).IsChallengePassed);

        time.Advance(TimeSpan.FromMinutes(14.9));

        await app.RepeatedAsync("/sign-up", Challenged, third, "right");
    }

    [Fact]
    public async Task Answer_WhoseHandlerFailedAndIsDeniedNow_IsRefused()
    {
        var fake = Challenging();
        var app = await FailingAsync(fake);
        await using var _ = app;
        var state = await app.ChallengedAsync("/fails", Challenged);
        using var failed = await app.PostAsync("/fails?fails=true", Challenged, state, "right");
        fake.Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Deny);

        using var refused = await app.PostAsync("/fails", Challenged, state, "right");

        await CheckedApp.ProblemAsync(refused, 403, SpamGuardRefusal.DeniedProblemType);
    }

    [Fact]
    public async Task Answer_SentAgainWhileTheHandlerRuns_WaitsForIt()
    {
        var (began, gone, go) = (Source(), Source(), Source());
        var made = 0;
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(Challenging()), map: app => app.MapPost("/slow", async (CancellationToken left) =>
        {
            began.TrySetResult();
            try
            {
                await go.Task.WaitAsync(left);
                return Interlocked.Increment(ref made);
            }
            finally
            {
                gone.TrySetResult();
            }
        }).RequireSpamGuard(EventKind.SignUp));
        var state = await app.ChallengedAsync("/slow", Challenged);
        using var leaves = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = app.Url, DefaultRequestHeaders = { { "X-Forwarded-For", Challenged }, { "SpamGuard-Challenge", state }, { "Answer", "right" } } };

        var first = http.PostAsync(new Uri("/slow", UriKind.Relative), null, leaves.Token);
        await began.Task.DefaultTimeout();
        var second = app.PostAsync("/slow", Challenged, state, "right");
        await leaves.CancelAsync(); // as the browser does at the second click
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await gone.Task.DefaultTimeout();
        go.SetResult();
        using var answered = await second;

        Assert.Equal((HttpStatusCode.OK, 1), (answered.StatusCode, made));
    }

    [Fact]
    public async Task Answer_WhoseClientLeftWhileItWasLookedAt_IsReportedAndUsedAtNoOtherInstance()
    {
        var keys = new EphemeralDataProtectionProvider();
        var (looked, go) = (Source(), Source());
        await using var one = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys), options => options.VerifyChallenge = async _ =>
        {
            looked.TrySetResult();
            await go.Task;
            return true;
        });
        await using var other = await StartAsync(services => services.AddSingleton<IDataProtectionProvider>(keys));
        var state = await one.ChallengedByVolumeAsync("93.14.2.9");
        using var leaves = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = one.Url, DefaultRequestHeaders = { { "X-Forwarded-For", "93.14.2.9" }, { "SpamGuard-Challenge", state } } };

        var first = http.PostAsync(new Uri("/sign-up", UriKind.Relative), null, leaves.Token);
        await looked.Task.DefaultTimeout();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();

        Assert.True((await one.SeenAsync("/sign-up", "93.14.2.9", state)).IsChallengePassed);
        await other.RepeatedAsync("/sign-up", "93.14.2.9", state, "right");
    }

    private static FakeSpamGuardClient Challenging() => new() { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Challenge) };

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task<CheckedApp> FailingAsync(FakeSpamGuardClient fake) => CheckedApp.StartAsync(CheckedApp.Of(fake), map: static app => app
        .MapPost("/fails", static (SpamGuardCheck check, bool? fails) => fails == true ? throw new InvalidOperationException("The disk is full.") : Seen.Of(check)).RequireSpamGuard(EventKind.SignUp));

    private Task<CheckedApp> StartAsync(Action<IServiceCollection>? services = null, Action<SpamGuardChecksOptions>? configure = null) => CheckedApp.StartAsync(
        all =>
        {
            services?.Invoke(all);
            CheckedApp.Of(server)(all);
        },
        configure);
}
