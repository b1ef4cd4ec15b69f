namespace SpamGuard.Cli;

/// <summary>What the program exits with. Scripts build on it: a code never changes its meaning.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Not done, for a reason that no other code names.</summary>
    public const int Failure = 1;

    /// <summary>The command line, or a value in it, can't be taken; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A file that is not there, or a decision or an address of which nothing is kept.</summary>
    public const int NotFound = 3;

    /// <summary>The verdict is DENY, and <c>--exit-code</c> asked to hear of it so.</summary>
    public const int Denied = 4;

    /// <summary>The server or its store did not answer in time: try again.</summary>
    public const int Unavailable = 5;

    /// <summary>What was to be verified is not as it should be.</summary>
    public const int VerificationFailed = 6;

    /// <summary>Stopped by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>Every code with its name, as documents list them.</summary>
    public static IReadOnlyDictionary<int, string> All { get; } = new Dictionary<int, string>
    {
        [Ok] = "ok",
        [Failure] = "failure",
        [Usage] = "usage",
        [NotFound] = "not found",
        [Denied] = "verdict DENY, with --exit-code",
        [Unavailable] = "unavailable",
        [VerificationFailed] = "verification failed",
        [Interrupted] = "interrupted",
    };

    /// <summary>The <c>code</c> of a message in JSON, where no call was refused with one of its own.</summary>
    public static string NameOf(int code) => code switch
    {
        Ok => "OK",
        Usage => "USAGE",
        NotFound => "NOT_FOUND",
        Denied => "DENIED",
        Unavailable => "UNAVAILABLE",
        VerificationFailed => "VERIFICATION_FAILED",
        Interrupted => "INTERRUPTED",
        _ => "FAILURE",
    };
}
