namespace SpamGuard.Server;

/// <summary>The ids of the server's log events: a contract, never reused.</summary>
internal static class EventIds
{
    public const int Listening = 5000;
    public const int TryIt = 5001;
    public const int PepperMadeForThisRun = 5002;
    public const int EmbeddedStoreStarted = 5003;
    public const int Draining = 5004;
    public const int CallFailed = 5005;
    public const int AuditsOnly = 5006;
    public const int CallerFilesRejected = 5010;
    public const int CallerFilesApplied = 5011;
    public const int OrdersUnapprovable = 5012;
    public const int ForwardedForNotBelieved = 5070;
}
