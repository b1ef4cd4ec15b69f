using Google.Protobuf.WellKnownTypes;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>What is said at the desk counts in every process, and what is taken back in none.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class OverrideTests(RedisFixture redis)
{
    // Two seconds, and what a busy machine adds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Override_SetAndClearedAtTheDesk_IsFollowedByEveryProcess()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        var starting = Task.WhenAll(DeskAsync(pepper), ServerProcess.ReadyAsync(redis, pepper.Path));
        await using var second = await ServerProcess.ReadyAsync(redis, pepper.Path);
        var others = await starting;
        await using var desk = others[0];
        await using var first = others[1];
        ServerProcess[] scorers = [first, second];
        var overrides = new OverrideService.OverrideServiceClient(desk.Channel);

        var denied = await overrides.SetAsync(Request(request => request.Address = "84.1.0.1", Verdict.Deny)).ResponseAsync.DefaultTimeout();
        var challenged = await overrides.SetAsync(Request(request => request.Network = "84.2.0.0/16", Verdict.Challenge)).ResponseAsync.DefaultTimeout();
        foreach (var scorer in scorers)
        {
            await UntilAsync(scorer, "84.1.0.1", Verdict.Deny).TimeoutAfter(Limit);
            await UntilAsync(scorer, "84.2.77.1", Verdict.Challenge).TimeoutAfter(Limit);
        }

        // A process that starts now knows them from its first answer on.
        await using var late = await ServerProcess.ReadyAsync(redis, pepper.Path);
        Assert.Equal(Verdict.Deny, (await PreviewAsync(late, "84.1.0.1")).Verdict);

        await overrides.ClearAsync(new OverrideServiceClearRequest { Id = denied.Id }).ResponseAsync.DefaultTimeout();
        await overrides.ClearAsync(new OverrideServiceClearRequest { Id = challenged.Id }).ResponseAsync.DefaultTimeout();
        foreach (var scorer in scorers.Append(late))
        {
            await UntilAsync(scorer, "84.1.0.1", Verdict.Allow).TimeoutAfter(Limit);
            await UntilAsync(scorer, "84.2.77.1", Verdict.Allow).TimeoutAfter(Limit);
        }

        await overrides.SetAsync(Request(request => request.Address = "84.3.0.1", Verdict.Throttle, seconds: 4)).ResponseAsync.DefaultTimeout();
        await UntilAsync(first, "84.3.0.1", Verdict.Throttle).TimeoutAfter(Limit);
        await UntilAsync(first, "84.3.0.1", Verdict.Allow).TimeoutAfter(Limit); // by itself
    }

    [Fact]
    public async Task Appeal_OfADenialByReports_IsAnExemptionThatSaysWhy()
    {
        const string Address = "84.5.0.1";
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        var starting = DeskAsync(pepper);
        await using var scorer = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var desk = await starting;
        var denied = new Assessment();
        for (var person = 0; person < 32 && denied.Verdict != Verdict.Deny; person++)
        {
            var report = new ReportOutcomeRequest { Label = OutcomeLabel.Spam, Reporter = $"person-{person}" };
            denied = await scorer.ScoreAsync(new ScoreRequest { Event = Events.Message(Address), RequestId = Events.NewRequestId() });
            report.DecisionToken = denied.DecisionToken;
            await ServerProcess.AnsweredAsync(() => scorer.Feedback.ReportOutcomeAsync(report));
        }

        Assert.Equal(Verdict.Deny, denied.Verdict);

        // All that support gets is the token.
        var overrides = new OverrideService.OverrideServiceClient(desk.Channel);
        var set = await overrides.SetAsync(Request(request => request.DecisionToken = denied.DecisionToken, Verdict.Allow)).ResponseAsync.DefaultTimeout();

        Assert.Equal((SubjectLevel.Address, 32), (set.Level, set.SignificantBits));
        await UntilAsync(scorer, Address, Verdict.Allow).TimeoutAfter(Limit);
        var allowed = await scorer.ScoreAsync(new ScoreRequest { Event = Events.Message(Address) });
        Assert.Equal((Verdict.Allow, 0), (allowed.Verdict, allowed.Reasons.Single(reason => reason.Code == "OPERATOR_OVERRIDE").Weight));
        Assert.True(allowed.SpamProbability >= .9); // which stays the model's
        Assert.Contains("spamguard_overridden_assessments_total{verdict=\"ALLOW\"} 1\n", await scorer.MetricsAsync(), StringComparison.Ordinal);
    }

    private Task<ServerProcess> DeskAsync(PepperFile pepper) => ServerProcess.ReadyAsync(
        redis, pepper.Path, "Development", ("Desk__Enabled", "true"), ("ConnectionStrings__Desk", redis.ConnectionString(RedisAccount.Desk)));

    private static OverrideServiceSetRequest Request(Action<OverrideServiceSetRequest> target, Verdict verdict, int seconds = 600)
    {
        var request = new OverrideServiceSetRequest { Verdict = verdict, Reason = "an appeal, case 17", Ttl = new Duration { Seconds = seconds } };
        target(request);
        return request;
    }

    private static Task UntilAsync(ServerProcess scorer, string address, Verdict verdict) =>
        Poll.UntilAsync(async () => (await PreviewAsync(scorer, address)).Verdict == verdict);

    private static async Task<Assessment> PreviewAsync(ServerProcess scorer, string address) =>
        (await ServerProcess.AnsweredAsync(() => scorer.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(address) }))).Assessment;
}
