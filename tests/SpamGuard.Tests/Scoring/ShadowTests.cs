using System.Text;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

/// <summary>What a candidate in the file does: it is told and counted, and decides nothing and costs no call.</summary>
public sealed class ShadowTests : IDisposable
{
    private readonly GuardOnAStore _guard = new();
    private readonly CountingStore _store;

    public ShadowTests()
    {
        _store = new CountingStore(_guard.Real);
        _guard.Store.Inner = _store;
    }

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Score_CandidateOfAFile_IsToldAndCountedAndDecidesNothing()
    {
        Use("shadow: {sign_up: {cap: CHALLENGE}}");

        var answers = await ScoreAsync(10);

        Assert.Equal([Verdict.Allow, Verdict.Challenge, Verdict.Throttle, Verdict.Deny], answers.Select(one => one.Verdict).Distinct());
        Assert.All(answers, one => Assert.Equal(one.Verdict < Verdict.Challenge ? one.Verdict : Verdict.Challenge, one.ShadowVerdict));
        Assert.All(answers, one => Assert.Equal(_guard.Policies.Current.Revision, one.PolicyRevision));
        foreach (var live in answers.GroupBy(one => one.Verdict))
        {
            Assert.Equal(live.Count(), await CountAsync("spamguard_shadow_assessments_total", "sign_up", live.Key.Name(), live.First().ShadowVerdict!.Value.Name()));
        }

        Assert.Equal(0, await CountAsync("spamguard_shadow_assessments_total", "sign_up", "DENY", "DENY"));
    }

    [Fact]
    public async Task Score_WithACandidate_CostsNoCallToTheStoreMoreThanWithout()
    {
        await ScoreAsync(3);
        var without = _store.Calls;
        Use("sign_up: {shadow_signals: [ADDRESS_BURST, NETWORK_BURST]}\nshadow: {defaults: {cap: CHALLENGE}}");

        var answers = await ScoreAsync(3);

        Assert.All(answers, one => Assert.NotNull(one.ShadowVerdict));
        Assert.Equal((3, 6), (without, _store.Calls));
    }

    [Fact]
    public async Task Score_RetryAndPreview_CarryTheShadowVerdictAndCountNothing()
    {
        await ScoreAsync(8);
        Use("shadow: {sign_up: {cap: CHALLENGE}}");
        var id = Guid.NewGuid();

        var first = (await _guard.Scorer.ScoreAsync(SignUp(), "tests", id, default)).Assessment!;
        var retry = (await _guard.Scorer.ScoreAsync(SignUp(), "tests", id, default)).Assessment!;
        var preview = (await _guard.Previewer.PreviewAsync(SignUp(), "tests", default)).Assessment!;

        Assert.Equal((Verdict.Deny, Verdict.Challenge, false), (first.Verdict, first.ShadowVerdict, first.Replayed));
        Assert.Equal((Verdict.Deny, Verdict.Challenge, true), (retry.Verdict, retry.ShadowVerdict, retry.Replayed));
        Assert.Equal((Verdict.Deny, Verdict.Challenge), (preview.Verdict, preview.ShadowVerdict));
        Assert.Equal(1, await CountAsync("spamguard_shadow_assessments_total", "sign_up", "DENY", "CHALLENGE"));
    }

    [Fact]
    public async Task Score_SignalInShadow_CountsNothingLiveAndIsMeteredAlone()
    {
        Use("sign_up: {shadow_signals: [ADDRESS_BURST, STANDING]}");

        var answers = await ScoreAsync(8);

        Assert.All(answers, one => Assert.Equal(Verdict.Allow, one.Verdict));
        Assert.All(answers, one => Assert.DoesNotContain("ADDRESS_BURST", one.Reasons.Select(reason => reason.Code)));
        Assert.Equal(Verdict.Deny, answers[^1].ShadowVerdict);
        var disagreements = answers.Count(one => one.ShadowVerdict != Verdict.Allow);
        Assert.InRange(disagreements, 1, 8);
        Assert.Equal(disagreements, await CountAsync("spamguard_shadow_signal_disagreements_total", "ADDRESS_BURST"));
        Assert.Equal(0, await CountAsync("spamguard_shadow_signal_disagreements_total", "STANDING"));
    }

    [Fact]
    public async Task Score_SignalInShadowBesideACandidate_CountsInItsVerdict()
    {
        Use("sign_up: {shadow_signals: [ADDRESS_BURST, STANDING]}\nshadow: {sign_up: {cap: THROTTLE}}");

        var answers = await ScoreAsync(8);

        Assert.All(answers, one => Assert.Equal(Verdict.Allow, one.Verdict));
        Assert.Equal(Verdict.Throttle, answers[^1].ShadowVerdict);
    }

    [Fact]
    public async Task Score_KindWithoutACandidateOfItsOwn_IsComparedWithItself()
    {
        Use("shadow: {message: {cap: ALLOW}}");

        var answers = await ScoreAsync(8);

        Assert.All(answers, one => Assert.Equal(one.Verdict, one.ShadowVerdict));
    }

    [Fact]
    public async Task Score_WithoutACandidate_SaysNothingOfOne()
    {
        Use("sign_up: {cap: CHALLENGE}\nshadow: {}");

        Assert.All(await ScoreAsync(2), one => Assert.Null(one.ShadowVerdict));
    }

    private void Use(string policy)
    {
        var file = PolicyFile.Read(Encoding.UTF8.GetBytes(policy));
        Assert.Empty(file.Faults);
        _guard.Policies.Replace(file.Policy!);
    }

    private async Task<IReadOnlyList<Assessment>> ScoreAsync(int count)
    {
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        var answers = new List<Assessment>();
        for (var i = 0; i < count; i++)
        {
            answers.Add((await _guard.Scorer.ScoreAsync(SignUp(), "tests", requestId: null, default)).Assessment!);
        }

        return answers;
    }

    private async Task<double> CountAsync(string name, params string[] labels)
    {
        var lines = (await _guard.MetricsAsync()).Split('\n');
        var line = lines.Single(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.SequenceEqual(line.Split('"').Where((_, i) => i % 2 == 1)));
        return double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
