using SpamGuard.Cli.Csv;

namespace SpamGuard.Cli.Replay;

/// <summary>Plays a file of labelled events through the scorer, on the time of the events.</summary>
/// <param name="options">How.</param>
/// <param name="survey">What is known of the file.</param>
/// <param name="decisions">Where every decision is written; <c>null</c> for nowhere.</param>
/// <param name="faulty">Told of every row that is skipped.</param>
/// <param name="moved">Told every few thousand rows.</param>
internal sealed class ReplayRunner(
    ReplayOptions options, FileSurvey survey, DecisionWriter? decisions, Action<RowFault> faulty, Action? moved = null) : IReplayed, IDisposable
{
    private readonly ReplaySide _side = new(options, options.Policy, survey);

    /// <summary>How all rows were scored.</summary>
    public ScoreHistogram AllScores => _side.All();

    /// <summary>How the last share of them was.</summary>
    public ScoreHistogram LastScores => _side.Last;

    /// <summary>How many records are held, those included that are over and not yet freed.</summary>
    public int Records => _side.Records;

    /// <summary>Scores row after row. Returns <c>null</c> where more rows were at fault than <see cref="ReplayOptions.MaxErrors"/> allows.</summary>
    public ReplayResult? Run(MailEventReader reader, CancellationToken cancellationToken) =>
        new ReplayLoop(options, survey, faulty, moved).Run(reader, this, cancellationToken) is { } skipped
            ? new ReplayResult(DetectionFigures.Of(AllScores), DetectionFigures.Of(LastScores), skipped)
            : null;

    /// <inheritdoc/>
    public void Report(FeedbackQueue.Feedback due) => _side.Report(due);

    /// <inheritdoc/>
    public void Score(MailEvent mail)
    {
        var assessment = _side.Score(mail);
        decisions?.Write(mail.Row, assessment);
    }

    /// <inheritdoc/>
    public void Dispose() => _side.Dispose();
}
