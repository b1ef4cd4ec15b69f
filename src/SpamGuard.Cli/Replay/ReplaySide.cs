using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>One policy in a replay: what it has learned, and how it did.</summary>
/// <param name="options">How the file is replayed.</param>
/// <param name="policy">The policy, taken as <see cref="ReplayOptions.InReplay"/> says.</param>
/// <param name="survey">Says where the last share of the file begins.</param>
internal sealed class ReplaySide(ReplayOptions options, Policy policy, FileSurvey survey) : IDisposable
{
    private readonly OfflineSpamGuard _guard = new(
        options.InReplay(policy), (long)options.EpochPhase.TotalSeconds, options.Seed, options.Tags, static key => new SeededHash(key), options.Retention);

    private readonly long _lastFrom = (long)(survey.Events * (1 - options.TestShare));
    private readonly ScoreHistogram _earlier = new();
    private long _scored;

    /// <summary>How the last share of the rows was scored.</summary>
    public ScoreHistogram Last { get; } = new();

    /// <summary>How many records are held, those included that are over and not yet freed.</summary>
    public int Records => _guard.Store.RecordCount;

    /// <summary>How all rows so far were scored.</summary>
    public ScoreHistogram All()
    {
        var all = new ScoreHistogram();
        all.Add(_earlier);
        all.Add(Last);
        return all;
    }

    /// <summary>Takes feedback.</summary>
    public void Report(FeedbackQueue.Feedback due) => _guard.Report(due.Event, due.Label, due.Time, due.Reporter);

    /// <summary>Scores an event and counts how.</summary>
    public Assessment Score(MailEvent mail)
    {
        var assessment = _guard.Score(mail.Event, mail.Time);
        (_scored++ < _lastFrom ? _earlier : Last).Add(assessment.SpamProbability, mail.Spam, assessment.Verdict);
        return assessment;
    }

    /// <inheritdoc/>
    public void Dispose() => _guard.Dispose();
}
