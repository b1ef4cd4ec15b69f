using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Tests.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Epochs;

/// <summary>An attacker who goes on over the end of an epoch, against three processes whose clocks are some milliseconds apart.</summary>
public sealed class RotationTests : IDisposable
{
    private static readonly EpochCalendar Calendar = new();
    private static readonly int[] Drifts = [0, -37, 41]; // milliseconds; the store's clock is that of the first

    private readonly GuardOnAStore[] _processes;
    private DateTimeOffset _now = Start;

    public RotationTests()
    {
        var first = new GuardOnAStore();
        _processes = [first, new GuardOnAStore(beside: first), new GuardOnAStore(beside: first)];
    }

    public static TheoryData<string> Classes => [.. RetentionClass.Salted.Select(retention => retention.Name)];

    public void Dispose() => Array.ForEach(_processes, static process => process.Dispose());

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Score_OfAnAttackerOverTheEdge_KeepsItsVerdictAtEveryProcess(string name)
    {
        var edge = await BeforeTheEdgeAsync(Retention(name));
        var last = await AttackAsync();
        for (var i = 0; i < 8; i++)
        {
            var report = new OutcomeReport(OutcomeLabel.Spam, "test", "person"u8.ToArray().Append((byte)i).ToArray(), RequestId: null);
            Assert.Equal(FeedbackOutcome.Applied, await _processes[i % 3].Feedback.ReportAsync(last[i % 3].DecisionToken, report, default));
        }

        await MoveAsync(edge.AddSeconds(-1), refresh: true);
        await AttackAsync();
        var before = await AttackAsync();
        Assert.All(before, assessment => Assert.Equal(Verdict.Deny, assessment.Verdict));

        foreach (var offset in new[] { -50, -41, -40, -1, 0, 1, 36, 37, 38, 100, 1_000, 10_000, 60_000 })
        {
            await MoveAsync(edge.AddMilliseconds(offset), refresh: offset is 0 or 1_000);
            Assert.All(await AttackAsync(), assessment => Assert.Equal((Verdict.Deny, Quality.Full), (assessment.Verdict, assessment.Quality)));
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Score_OfABurstOverTheEdge_CountsWhatWasBefore(string name)
    {
        var edge = await BeforeTheEdgeAsync(Retention(name));
        Assessment[] answers = [];
        for (var seconds = -60; seconds < 0; seconds += 10)
        {
            await MoveAsync(edge.AddSeconds(seconds), refresh: true);
            answers = await AttackAsync();
        }

        var probability = answers.Min(static answer => answer.SpamProbability);
        Assert.True(probability > .6, $"{probability}");
        for (var seconds = 0; seconds < 60; seconds += 10)
        {
            await MoveAsync(edge.AddSeconds(seconds), refresh: true);
            Assert.All(await AttackAsync(), assessment => Assert.True(assessment.Verdict >= Verdict.Throttle && assessment.Quality == Quality.Full, $"{seconds} s: {assessment.Verdict} {assessment.Quality}"));
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Live_AtTheEdgeItself_IsKnownWithoutARefresh(string name)
    {
        var retention = Retention(name);
        var edge = await BeforeTheEdgeAsync(retention);
        await MoveAsync(edge.AddMinutes(-9), refresh: true);
        foreach (var process in _processes)
        {
            process.Store.Inner = null; // from here on nobody asks
        }

        await MoveAsync(edge.AddSeconds(1), refresh: false);

        var secrets = _processes.Select(process => process.Epochs.Live(process.Clock.Now)!).ToList();
        Assert.All(secrets, live => Assert.NotNull(live.Previous(retention)));
        Assert.Single(secrets.Select(live => live.Current(retention).Hasher.Key(SubjectKind.Address, Address("198.18.7.9")).Token).Distinct());
    }

    private static RetentionClass Retention(string name) => RetentionClass.Salted.Single(retention => retention.Name == name);

    private async Task<DateTimeOffset> BeforeTheEdgeAsync(RetentionClass retention)
    {
        var edge = DateTimeOffset.FromUnixTimeSeconds(Calendar.Start(Calendar.At(retention, Start.ToUnixTimeSeconds()).Next));
        await MoveAsync(edge.AddMinutes(-30), refresh: true);
        await MoveAsync(edge.AddMinutes(-9), refresh: true);
        return edge;
    }

    private async Task MoveAsync(DateTimeOffset time, bool refresh)
    {
        _now = time;
        for (var i = 0; i < _processes.Length; i++)
        {
            _processes[i].Time.SetUtcNow(_now.AddMilliseconds(Drifts[i]));
        }

        foreach (var process in refresh ? _processes : [])
        {
            process.Epochs.Expire(process.Clock.Now);
            await process.Epochs.RefreshAsync(process.Clock.Now, default);
        }
    }

    private async Task<Assessment[]> AttackAsync()
    {
        var answers = new Assessment[_processes.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = await _processes[i].ScoreAsync(SignUp());
        }

        return answers;
    }
}
