using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Signals;
using SpamGuard.Storage;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

/// <summary>What an operator says decides the verdict, and nothing else.</summary>
public sealed class OverrideScoringTests : IAsyncLifetime
{
    private static readonly Reason Notice = new("OPERATOR_OVERRIDE", 0);

    private GuardOnAStore _guard = null!;
    private ulong _ids;

    public async Task InitializeAsync() => _guard = await GuardOnAStore.ReadyAsync();

    public Task DisposeAsync()
    {
        _guard.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(Verdict.Allow)]
    [InlineData(Verdict.Challenge)]
    [InlineData(Verdict.Throttle)]
    [InlineData(Verdict.Deny)]
    internal async Task Score_AddressWithAnOverride_GetsItsVerdictAndTheModelsProbability(Verdict verdict)
    {
        using var plain = await GuardOnAStore.ReadyAsync();
        var expected = await plain.BurstAsync(SignUp(), 5);
        Say(SubjectKind.Address, verdict, TimeSpan.FromSeconds(90));

        var answer = await _guard.BurstAsync(SignUp(), 5);

        Assert.Equal((verdict, expected.SpamProbability), (answer.Verdict, answer.SpamProbability));
        Assert.Equal([.. expected.Reasons, Notice], answer.Reasons);
        Assert.Equal(expected.Evidence, answer.Evidence);
        Assert.Equal(verdict >= Verdict.Throttle ? 90 : null, answer.RetryAfterSeconds);
        var metrics = await _guard.MetricsAsync();
        Assert.Contains($"spamguard_overridden_assessments_total{{verdict=\"{verdict.Name()}\"}} 5\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"spamguard_assessments_total{{event_kind=\"sign_up\",verdict=\"{verdict.Name()}\",quality=\"full\"}} 5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_reasons_total{code=\"OPERATOR_OVERRIDE\"} 5\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OverridesOfSeveralLevels_TakesTheNarrowest()
    {
        Say(SubjectKind.Region, Verdict.Challenge);
        Assert.Equal(Verdict.Challenge, (await _guard.ScoreAsync(SignUp())).Verdict);
        Say(SubjectKind.Network, Verdict.Deny);
        Assert.Equal(Verdict.Deny, (await _guard.ScoreAsync(SignUp())).Verdict);
        Say(SubjectKind.Address, Verdict.Allow);
        Assert.Equal(Verdict.Allow, (await _guard.ScoreAsync(SignUp())).Verdict);
        Assert.Equal(Verdict.Deny, (await _guard.ScoreAsync(SignUp("198.18.7.10"))).Verdict);
        Assert.Equal(Verdict.Challenge, (await _guard.ScoreAsync(SignUp("198.18.8.10"))).Verdict);
        Assert.DoesNotContain(Notice, (await _guard.ScoreAsync(SignUp("198.19.8.10"))).Reasons);
    }

    [Fact]
    public async Task Score_Overridden_IsCountedAsEver()
    {
        Say(SubjectKind.Address, Verdict.Allow, TimeSpan.FromSeconds(60));
        await _guard.BurstAsync(SignUp(), 12);

        _guard.Time.Advance(TimeSpan.FromSeconds(60));

        var answer = await _guard.ScoreAsync(SignUp());
        Assert.True(answer.Verdict > Verdict.Allow);
        Assert.DoesNotContain(Notice, answer.Reasons);
    }

    [Fact]
    public async Task Preview_ByAddressAndByToken_SaysWhatScoreWould()
    {
        var before = await _guard.ScoreAsync(SignUp());
        Say(SubjectKind.Address, Verdict.Throttle, TimeSpan.FromSeconds(30));

        foreach (var answer in new[] { await _guard.PreviewAsync(SignUp()), (await _guard.PreviewAsync(before.DecisionToken)).Assessment! })
        {
            Assert.Equal((Verdict.Throttle, (long?)30), (answer.Verdict, answer.RetryAfterSeconds));
            Assert.Contains(Notice, answer.Reasons);
        }

        Assert.Contains("spamguard_overridden_assessments_total{verdict=\"THROTTLE\"} 0\n", await _guard.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreBatch_OfOneAddressAndAnother_OverridesTheOne()
    {
        Say(SubjectKind.Address, Verdict.Deny);

        var answers = await _guard.Scorer.ScoreBatchAsync([(SignUp(), null), (SignUp("198.19.1.1"), null)], "test", default);

        Assert.Equal([Verdict.Deny, Verdict.Allow], answers.Select(answer => answer.Assessment!.Verdict));
    }

    [Fact]
    public async Task Score_Retry_IsAnsweredByTheOverrideInForceNow()
    {
        var request = Guid.NewGuid();
        var first = await _guard.ScoreAsync(SignUp(), request);
        Say(SubjectKind.Address, Verdict.Deny);

        var retry = await _guard.ScoreAsync(SignUp(), request);

        Assert.Equal((Verdict.Allow, false, Verdict.Deny, true), (first.Verdict, first.Replayed, retry.Verdict, retry.Replayed));
        Assert.Equal(first.SpamProbability, retry.SpamProbability);
        Assert.Contains("spamguard_overridden_assessments_total{verdict=\"DENY\"} 0\n", await _guard.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_StoreAway_StaysOverridden()
    {
        Say(SubjectKind.Network, Verdict.Deny, TimeSpan.FromSeconds(20));
        _guard.TakeStoreAway();

        var scored = await _guard.ScoreAsync(SignUp());
        var previewed = await _guard.PreviewAsync(SignUp());

        foreach (var answer in new[] { scored, previewed })
        {
            Assert.Equal((Verdict.Deny, Quality.Degraded, (long?)20), (answer.Verdict, answer.Quality, answer.RetryAfterSeconds));
            Assert.Contains(Notice, answer.Reasons);
            Assert.Contains(new Reason("STORE_AWAY", 0), answer.Reasons);
        }

        _guard.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(Verdict.Allow, (await _guard.ScoreAsync(SignUp())).Verdict);
    }

    [Fact]
    public async Task Score_WithACandidate_ComparesTheModelsVerdicts()
    {
        _guard.Policies.Replace(PolicyFile.Read("shadow: {sign_up: {cap: CHALLENGE}}"u8.ToArray()).Policy!);
        Say(SubjectKind.Address, Verdict.Deny);

        var answer = await _guard.ScoreAsync(SignUp());

        Assert.Equal((Verdict.Deny, (Verdict?)Verdict.Allow), (answer.Verdict, answer.ShadowVerdict));
        Assert.Contains("spamguard_shadow_assessments_total{event_kind=\"sign_up\",live=\"ALLOW\",candidate=\"ALLOW\"} 1\n", await _guard.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_TestAddress_IsAnsweredAsEver()
    {
        using var guard = await GuardOnAStore.ReadyAsync(Policy.Of(ScoringPolicy.Default with { TestAddresses = true }));
        Say(guard, SubjectKind.Address, Verdict.Deny, "203.0.113.1", TimeSpan.FromDays(1));

        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(SignUp("203.0.113.1"))).Verdict);
    }

    [Fact]
    public async Task DecisionToken_OfAnOverriddenAnswer_TellsTheVerdictAndWhy()
    {
        Say(SubjectKind.Address, Verdict.Deny);

        _guard.Tokens.Open((await _guard.ScoreAsync(SignUp())).DecisionToken, out var decision);

        Assert.Equal(Verdict.Deny, decision!.Verdict);
        Assert.Contains(Notice, decision.Reasons);
    }

    [Fact]
    public async Task Score_OverAnEpochsEdge_StaysOverriddenUntilTheSubjectsDeadline()
    {
        var calendar = new EpochCalendar();
        var deadline = await DeadlineAsync();
        Say(SubjectKind.Address, Verdict.Deny, TimeSpan.FromSeconds(deadline - _guard.Clock.Now));
        var edge = calendar.Start(calendar.At(RetentionClass.Address, _guard.Clock.Now).Next);

        await AtAsync(edge + 5);
        Assert.Equal(Verdict.Deny, (await _guard.ScoreAsync(SignUp())).Verdict);
        await AtAsync(deadline - 1);
        Assert.Equal(Verdict.Deny, (await _guard.ScoreAsync(SignUp())).Verdict);
        await AtAsync(deadline);
        Assert.Equal(Verdict.Allow, (await _guard.ScoreAsync(SignUp())).Verdict);
    }

    private async Task<long> DeadlineAsync() => (await _guard.ScoreAsync(SignUp())).ExpireTime;

    private async Task AtAsync(long time)
    {
        _guard.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(time));
        _guard.Epochs.Expire(time);
        await _guard.Epochs.RefreshAsync(time, default);
    }

    private void Say(SubjectKind level, Verdict verdict, TimeSpan? ttl = null) => Say(_guard, level, verdict, "198.18.7.9", ttl ?? TimeSpan.FromDays(1));

    private void Say(GuardOnAStore guard, SubjectKind level, Verdict verdict, string address, TimeSpan ttl)
    {
        var now = guard.Clock.Now;
        var subject = guard.Epochs.Live(now)!.Current(level.Class()).Hasher.Key(level, Address(address));
        var said = new OperatorOverride(new OverrideId(level.Class(), _ids++), subject, verdict, now, now + (long)ttl.TotalSeconds);
        guard.Overrides.Apply(new OverrideSnapshot([.. guard.Overrides.Current.All, said]));
    }
}
