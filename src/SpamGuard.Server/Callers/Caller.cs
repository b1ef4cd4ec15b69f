namespace SpamGuard.Server.Callers;

/// <summary>Who calls. Until callers present certificates there is one, on loopback.</summary>
internal static class Caller
{
    /// <summary>The name of the caller where callers are not told apart.</summary>
    public const string Development = "development";
}
