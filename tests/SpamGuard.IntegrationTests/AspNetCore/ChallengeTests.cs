extern alias client;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.AspNetCore;
using SpamGuard.Testing;

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
        var state = await ChallengedByVolumeAsync(one, "91.14.2.9");

        Assert.True((await one.SeenAsync("/sign-up", "91.14.2.9", state, "right")).IsChallengePassed);
        await other.RepeatedAsync("/sign-up", "91.14.2.9", state, "right");
        await other.RepeatedAsync("/sign-up", "91.14.2.9", state, "right");

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
    public async Task Proof_ThatTheServiceCantBeAskedAboutByTheApplication_IsAFaultAndCanBeGivenAgain()
    {
        var isBroken = true;
        await using var app = await CheckedApp.StartAsync(
            CheckedApp.Of(Challenging()), options => options.VerifyChallenge = _ => isBroken ? throw new RpcException(new Status(StatusCode.Unavailable, "Another service.")) : ValueTask.FromResult(true));
        var state = await app.ChallengedAsync("/sign-up", Challenged);

        using var broken = await app.PostAsync("/sign-up", Challenged, state);
        isBroken = false;

        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.True((await app.SeenAsync("/sign-up", Challenged, state)).IsChallengePassed);
    }

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
        var state = await ChallengedByVolumeAsync(one, "93.14.2.9");
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
