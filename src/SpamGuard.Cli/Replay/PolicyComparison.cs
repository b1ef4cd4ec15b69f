using SpamGuard.Cli.Csv;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>Plays one file to two policies in lockstep, with the same salts and the same feedback, and tells where they part.</summary>
internal sealed class PolicyComparison : IReplayed, IDisposable
{
    private readonly ReplayLoop _loop;
    private readonly ReplaySide _live;
    private readonly ReplaySide _candidate;
    private readonly VerdictChanges _spam = new();
    private readonly VerdictChanges _legitimate = new();
    private readonly RowRanges _differing = new();
    private readonly DecisionWriter? _decisions;

    /// <summary>Both policies know nothing yet.</summary>
    /// <param name="options">How the file is replayed; the candidate is their policy.</param>
    /// <param name="live">The policy in force.</param>
    /// <param name="survey">What is known of the file.</param>
    /// <param name="decisions">Where the candidate's decisions are written; <c>null</c> for nowhere.</param>
    /// <param name="faulty">Told of every row that is skipped.</param>
    /// <param name="moved">Told every few thousand rows.</param>
    public PolicyComparison(
        ReplayOptions options, Policy live, FileSurvey survey, DecisionWriter? decisions, Action<RowFault> faulty, Action? moved = null)
    {
        _decisions = decisions;
        _loop = new ReplayLoop(options, survey, faulty, moved);
        _live = new ReplaySide(options, live, survey);
        _candidate = new ReplaySide(options, options.Policy, survey);
    }

    /// <summary>How the candidate scored all rows.</summary>
    public ScoreHistogram AllScores => _candidate.All();

    /// <summary>How it scored the last share of them.</summary>
    public ScoreHistogram LastScores => _candidate.Last;

    /// <summary>Plays the file. Returns <c>null</c> where more rows were at fault than <see cref="ReplayOptions.MaxErrors"/> allows.</summary>
    public ComparisonResult? Run(MailEventReader reader, CancellationToken cancellationToken) =>
        _loop.Run(reader, this, cancellationToken) is { } skipped
            ? new ComparisonResult(Result(_live, skipped), Result(_candidate, skipped), _spam, _legitimate, _differing)
            : null;

    /// <inheritdoc/>
    public void Report(FeedbackQueue.Feedback due)
    {
        _live.Report(due);
        _candidate.Report(due);
    }

    /// <inheritdoc/>
    public void Score(MailEvent mail)
    {
        var live = _live.Score(mail);
        var candidate = _candidate.Score(mail);
        _decisions?.Write(mail.Row, candidate);
        (mail.Spam ? _spam : _legitimate).Add(mail.Row, live.Verdict, candidate.Verdict);
        if (Differ(mail.Row, live, candidate))
        {
            _differing.Add(mail.Row);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _live.Dispose();
        _candidate.Dispose();
    }

    // Exactly where two files of decisions would: most rows are settled without writing them down.
    private static bool Differ(long row, Assessment live, Assessment candidate) =>
        live.Verdict != candidate.Verdict
        || !live.SpamProbability.Equals(candidate.SpamProbability)
        || (!live.Reasons.SequenceEqual(candidate.Reasons)
            && !string.Equals(DecisionWriter.Line(row, live), DecisionWriter.Line(row, candidate), StringComparison.Ordinal));

    private static ReplayResult Result(ReplaySide side, int skipped) =>
        new(DetectionFigures.Of(side.All()), DetectionFigures.Of(side.Last), skipped);
}
