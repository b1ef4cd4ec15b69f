using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Client.Testing;

/// <summary>
/// A SpamGuard for the tests of a caller: it answers what it is told to, and remembers what it was asked and told. It knows of a challenge what callers rely on: once a decision was reported as
/// passed or legitimate, a preview of it is milder. A label, a reporter or a token that the service or the client refuses is refused in the same way.
/// </summary>
public sealed class FakeSpamGuardClient : ISpamGuardClient
{
    private readonly ConcurrentQueue<SpamGuardEvent> _scored = [];
    private readonly ConcurrentQueue<SpamGuardEvent> _previewed = [];
    private readonly ConcurrentQueue<FakeReport> _reports = [];
    private readonly ConcurrentDictionary<string, (SpamGuardEvent Event, SpamGuardAssessment Assessment)> _decisions = new(StringComparer.Ordinal);
    private int _number;

    /// <summary>What is answered; at first <see cref="Verdict.Allow"/>.</summary>
    public Func<SpamGuardEvent, SpamGuardAssessment> Answer { get; set; } = static _ => Assessment(Verdict.Allow);

    /// <summary>Whether there is nobody: scores and previews get the fallback <see cref="AwayVerdict"/>, the rest <c>UNAVAILABLE</c>.</summary>
    public bool IsAway { get; set; }

    /// <summary>The verdict while <see cref="IsAway"/>.</summary>
    public Verdict AwayVerdict { get; set; } = Verdict.Allow;

    /// <summary>What was scored, oldest first.</summary>
    public IReadOnlyCollection<SpamGuardEvent> Scored => _scored;

    /// <summary>The events that were previewed, oldest first.</summary>
    public IReadOnlyCollection<SpamGuardEvent> Previewed => _previewed;

    /// <summary>What was reported, oldest first.</summary>
    public IReadOnlyCollection<FakeReport> Reports => _reports;

    /// <summary>An answer of the service, to be given by <see cref="Answer"/>.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="retryAfter">How long to wait; for <see cref="Verdict.Throttle"/> and <see cref="Verdict.Deny"/> one minute by default.</param>
    public static SpamGuardAssessment Assessment(Verdict verdict, TimeSpan? retryAfter = null)
    {
        var answer = new Assessment
        {
            Verdict = verdict,
            SpamProbability = verdict switch { Verdict.Allow => .05, Verdict.Challenge => .6, Verdict.Throttle => .85, _ => .98 },
            Quality = Quality.Full,
            Reasons = { new Reason { Code = "FAKE", Weight = verdict == Verdict.Allow ? -3 : 3 } },
        };
        if (verdict is Verdict.Throttle or Verdict.Deny)
        {
            answer.RetryAfter = Duration.FromTimeSpan(retryAfter ?? TimeSpan.FromMinutes(1));
        }

        return SpamGuardAssessment.OfService(answer);
    }

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> ScoreAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        cancellationToken.ThrowIfCancellationRequested();
        _scored.Enqueue(spamEvent);
        return Task.FromResult(Decide(spamEvent));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SpamGuardAssessment>> ScoreManyAsync(IReadOnlyCollection<SpamGuardEvent> spamEvents, CancellationToken cancellationToken = default)
    {
        SpamGuardEvent.ThrowIfAnyIsNull(spamEvents, nameof(spamEvents));
        var assessments = new List<SpamGuardAssessment>(spamEvents.Count);
        foreach (var spamEvent in spamEvents)
        {
            assessments.Add(await ScoreAsync(spamEvent, cancellationToken));
        }

        return assessments;
    }

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> PreviewAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        cancellationToken.ThrowIfCancellationRequested();
        _previewed.Enqueue(spamEvent);
        return Task.FromResult(Decide(spamEvent));
    }

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> PreviewAsync(string decisionToken, EventKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsAway)
        {
            return Task.FromResult(Away());
        }

        var (spamEvent, assessment) = Decision(decisionToken);
        var isLifted = _reports.Any(report => string.Equals(report.DecisionToken, decisionToken, StringComparison.Ordinal) && report.Label is OutcomeLabel.ChallengePassed or OutcomeLabel.Legitimate);
        var now = assessment.Answer.Clone();
        now.Verdict = isLifted && now.Verdict == Verdict.Challenge ? Verdict.Allow : now.Verdict;
        return Task.FromResult(Named(spamEvent, SpamGuardAssessment.OfService(now)));
    }

    /// <inheritdoc/>
    public Task<ExplainResponse> ExplainAsync(string decisionToken, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAway();
        var (spamEvent, assessment) = Decision(decisionToken);
        return Task.FromResult(new ExplainResponse
        {
            Kind = spamEvent.Kind, Verdict = assessment.Verdict, SpamProbability = assessment.SpamProbability ?? 0, Reasons = { assessment.Reasons },
        });
    }

    /// <inheritdoc/>
    public Task<ReportOutcomeResponse> ReportAsync(string decisionToken, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        var person = Person(reporter);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAway();
        return Report(new FakeReport(decisionToken, Decision(decisionToken).Event, label, person));
    }

    /// <inheritdoc/>
    public Task<ReportOutcomeResponse> ReportAsync(SpamGuardEvent spamEvent, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        var person = Person(reporter);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAway();
        return Report(new FakeReport(null, spamEvent, label, person));
    }

    private static string? Person(string? reporter) => SpamGuardEvent.Digest(reporter, nameof(reporter)) is { Length: > 0 } digest ? digest : null;

    private Task<ReportOutcomeResponse> Report(FakeReport report)
    {
        if (report.Label is < OutcomeLabel.Legitimate or > OutcomeLabel.ChallengeFailed)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The label is none that the service knows."));
        }

        // As the service: a failure is a metric and nothing else, and the same by the same decision, event or person counts once.
        var result = report.Label == OutcomeLabel.ChallengeFailed ? ReportResult.Recorded : _reports.Any(report.Repeats) ? ReportResult.Duplicate : ReportResult.Applied;
        _reports.Enqueue(report);
        return Task.FromResult(new ReportOutcomeResponse { Applied = result == ReportResult.Applied, Result = result });
    }

    private SpamGuardAssessment Decide(SpamGuardEvent spamEvent) => IsAway ? Away() : Named(spamEvent, Answer(spamEvent));

    private SpamGuardAssessment Away() => SpamGuardAssessment.OfFallback(AwayVerdict, FallbackCause.Unavailable);

    // Each answer is a decision with a token of its own.
    private SpamGuardAssessment Named(SpamGuardEvent spamEvent, SpamGuardAssessment assessment)
    {
        if (assessment.Source == AssessmentSource.Fallback)
        {
            return assessment;
        }

        var answer = assessment.Answer.Clone();
        answer.DecisionToken = string.Create(CultureInfo.InvariantCulture, $"fake-decision-{Interlocked.Increment(ref _number)}");
        var named = SpamGuardAssessment.OfService(answer);
        _decisions[answer.DecisionToken] = (spamEvent, named);
        return named;
    }

    private (SpamGuardEvent Event, SpamGuardAssessment Assessment) Decision(string decisionToken) => _decisions.TryGetValue(decisionToken, out var decision)
        ? decision
        : throw new RpcException(new Status(StatusCode.InvalidArgument, "The decision_token is none that this fake gave."));

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "This fake is away."));
        }
    }
}
