namespace SpamGuard.Cli.Replay;

/// <summary>What must be known of a file before its first event is scored. So a file is read twice, and a replay need not hold its rows.</summary>
/// <param name="Events">How many rows can be scored: decides where the last share of them begins.</param>
/// <param name="AnyReport">Whether any row says what it was reported as: then the file's reports are the feedback, from the first event on.</param>
internal sealed record FileSurvey(long Events, bool AnyReport)
{
    private const int MovedEvery = 65_536;

    /// <summary>Reads a file to its end. Rows at fault are passed over: the replay tells them.</summary>
    /// <param name="reader">Reads the file as the replay will.</param>
    /// <param name="moved">Told every few ten thousand rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static FileSurvey Of(MailEventReader reader, Action? moved, CancellationToken cancellationToken)
    {
        var (rows, events) = (0L, 0L);
        for (var step = reader.Read(out _, out _); step != ReadStep.End; step = reader.Read(out _, out _))
        {
            events += step == ReadStep.Event ? 1 : 0;
            if (++rows % MovedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved?.Invoke();
            }
        }

        return new FileSurvey(events, reader.AnyReport);
    }
}
