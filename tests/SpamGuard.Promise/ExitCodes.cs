namespace SpamGuard.Promise;

/// <summary>What the program exits with.</summary>
internal static class ExitCodes
{
    /// <summary>Every clause holds; or, where all sabotages were tried, each failed its own clause and no other.</summary>
    public const int Holds = 0;

    /// <summary>A clause does not hold; or a sabotage went unnoticed or failed another clause.</summary>
    public const int Broken = 1;

    /// <summary>The command line can't be taken; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The walk could not be made: no <c>redis-server</c>, or the service did not start.</summary>
    public const int Unavailable = 5;

    /// <summary>Stopped by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
