using SpamGuard.Cli.Csv;
using SpamGuard.Feedback;

namespace SpamGuard.Cli.Replay;

/// <summary>Plays a file of labelled events on their own time, each with its feedback.</summary>
/// <param name="options">How.</param>
/// <param name="survey">What is known of the file: whether feedback is what it says was reported; otherwise it is the label, after the delay.</param>
/// <param name="faulty">Told of every row that is skipped.</param>
/// <param name="moved">Told every few thousand rows.</param>
internal sealed class ReplayLoop(ReplayOptions options, FileSurvey survey, Action<RowFault> faulty, Action? moved)
{
    private const int MovedEvery = 4096;

    private readonly FeedbackQueue _feedback = new();
    private readonly Random _covered = new(options.Seed);

    /// <summary>
    /// Plays row after row; feedback that is due by a row's time comes before the row. Returns how many rows were at fault and skipped,
    /// <c>null</c> where they were more than <see cref="ReplayOptions.MaxErrors"/> allows.
    /// </summary>
    public int? Run(MailEventReader reader, IReplayed to, CancellationToken cancellationToken)
    {
        var (skipped, played) = (0, 0L);
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

            Play(mail, to);
            if (++played % MovedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved?.Invoke();
            }
        }

        return skipped;
    }

    private void Play(in MailEvent mail, IReplayed to)
    {
        while (_feedback.TryTake(mail.Time, out var due))
        {
            to.Report(due);
        }

        to.Score(mail);
        Expect(mail);
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
