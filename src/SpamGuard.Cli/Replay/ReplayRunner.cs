using SpamGuard.Addresses;
using SpamGuard.Feedback;

namespace SpamGuard.Cli.Replay;

/// <summary>Plays a file of labelled events through the scorer, on the time of the events.</summary>
/// <param name="options">How.</param>
/// <param name="survey">What is known of the file: where its last share begins, and whether feedback is what it says was reported; otherwise it is the label, after the delay.</param>
/// <param name="decisions">Where every decision is written; <c>null</c> for nowhere.</param>
/// <param name="faulty">Told of every row that is skipped.</param>
/// <param name="moved">Told every few thousand rows.</param>
internal sealed class ReplayRunner(
    ReplayOptions options, FileSurvey survey, DecisionWriter? decisions, Action<RowFault> faulty, Action? moved = null)
{
    private const int MovedEvery = 4096;

    private readonly ScoreHistogram _all = new();
    private readonly ScoreHistogram _last = new();
    private readonly long _lastFrom = (long)(survey.Events * (1 - options.TestShare));
    private readonly FeedbackQueue _feedback = new();
    private readonly Random _covered = new(options.Seed);

    /// <summary>How many records were held after the last row, those included that were over and not yet freed.</summary>
    public int Records { get; private set; }

    /// <summary>
    /// Scores row after row; feedback that is due by a row's time is reported before the row is scored. Returns <c>null</c> where more rows
    /// were at fault than <see cref="ReplayOptions.MaxErrors"/> allows.
    /// </summary>
    public async Task<ReplayResult?> RunAsync(MailEventReader reader, CancellationToken cancellationToken)
    {
        using var guard = new OfflineSpamGuard(options.Policy, (long)options.EpochPhase.TotalSeconds, options.Seed, static key => new SeededHash(key));
        var (skipped, scored) = (0, 0L);
        for (var step = reader.Read(out var mail, out var fault); step != ReadStep.End; step = reader.Read(out mail, out fault))
        {
            if (step == ReadStep.Fault)
            {
                faulty(fault!);
                if (++skipped > options.MaxErrors)
                {
                    return null;
                }

                continue;
            }

            while (_feedback.TryTake(mail.Time, out var due))
            {
                await guard.ReportAsync(due.Event, due.Label, due.Time);
            }

            var assessment = await guard.ScoreAsync(mail.Event, mail.Time);
            (scored++ < _lastFrom ? _all : _last).Add(assessment.SpamProbability, mail.Spam, assessment.Verdict);
            decisions?.Write(mail.Row, assessment);
            Expect(mail);
            if (scored % MovedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved?.Invoke();
            }
        }

        Records = guard.Store.RecordCount;
        _all.Add(_last);
        return new ReplayResult(DetectionFigures.Of(_all), DetectionFigures.Of(_last), skipped);
    }

    private void Expect(in MailEvent mail)
    {
        if (survey.AnyReport)
        {
            if (mail.Report is { } report)
            {
                _feedback.Add(mail.Event, report.Label, report.Time);
            }
        }
        else if (options.FeedbackCoverage >= 1 || _covered.NextDouble() < options.FeedbackCoverage)
        {
            _feedback.Add(mail.Event, mail.Spam ? OutcomeLabel.Spam : OutcomeLabel.Legitimate, mail.Time + options.FeedbackDelay);
        }
    }
}
