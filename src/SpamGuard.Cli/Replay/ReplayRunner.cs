using System.Runtime.InteropServices;
using SpamGuard.Cli.Csv;
using SpamGuard.Feedback;

namespace SpamGuard.Cli.Replay;

/// <summary>Plays a file of labelled events through the scorer, on the time of the events.</summary>
/// <param name="options">How.</param>
/// <param name="reportsOfFile">Whether feedback is what the file says was reported; otherwise it is the label, after the delay.</param>
/// <param name="decisions">Where every decision is written; <c>null</c> for nowhere.</param>
/// <param name="faulty">Told of every row that is skipped.</param>
/// <param name="moved">Told every few thousand rows.</param>
internal sealed class ReplayRunner(
    ReplayOptions options, bool reportsOfFile, DecisionWriter? decisions, Action<RowFault> faulty, Action? moved = null)
{
    private const int MovedEvery = 4096;

    private readonly List<ScoredRow> _rows = [];
    private readonly FeedbackQueue _feedback = new();
    private readonly Random _covered = new(options.Seed);

    /// <summary>
    /// Scores row after row; feedback that is due by a row's time is reported before the row is scored. Returns <c>null</c> where more rows
    /// were at fault than <see cref="ReplayOptions.MaxErrors"/> allows.
    /// </summary>
    public async Task<ReplayResult?> RunAsync(MailEventReader reader, CancellationToken cancellationToken)
    {
        using var guard = new OfflineSpamGuard(options.Policy, (long)options.EpochPhase.TotalSeconds, options.Seed);
        var skipped = 0;
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
            _rows.Add(new ScoredRow(assessment.SpamProbability, mail.Spam, assessment.Verdict));
            decisions?.Write(mail.Row, assessment);
            Expect(mail);
            if (_rows.Count % MovedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved?.Invoke();
            }
        }

        return Result(skipped);
    }

    private void Expect(in MailEvent mail)
    {
        if (reportsOfFile)
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

    // The figures sort in place, so the last share comes first: after it, the order of time is gone.
    private ReplayResult Result(int skipped)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        var test = DetectionFigures.Of(rows[(int)(rows.Length * (1 - options.TestShare))..]);
        return new ReplayResult(DetectionFigures.Of(rows), test, skipped);
    }
}
