namespace SpamGuard.Promise.World;

/// <summary>When a sabotage may do something.</summary>
internal enum Moment
{
    /// <summary>The canaries went through every call; nothing has been looked at.</summary>
    Busy,

    /// <summary>A request was answered, and is about to be sent again.</summary>
    BeforeRetry,

    /// <summary>The salts are there, and are about to end.</summary>
    SaltsEnding,

    /// <summary>The salts are gone; no process runs.</summary>
    SaltsGone,
}
