namespace SpamGuard.Cli.Replay;

/// <summary>What a file's events and their feedback are played to, in order of time.</summary>
internal interface IReplayed
{
    /// <summary>Takes feedback that is due.</summary>
    void Report(FeedbackQueue.Feedback due);

    /// <summary>Takes an event; all feedback that was due by its time has come before it.</summary>
    void Score(MailEvent mail);
}
