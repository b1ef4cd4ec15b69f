namespace SpamGuard.Cli.Doctor;

/// <summary>How something that was looked at is.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,

    /// <summary>It could not be looked at.</summary>
    Unknown,
}
