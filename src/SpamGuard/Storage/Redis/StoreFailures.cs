using System.Security.Authentication;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Turns what the driver throws into our own exception: its text and data hold key names, so nothing of them is kept.</summary>
internal static class StoreFailures
{
    private const string NoScript = "NOSCRIPT";

    // Answers of a server that is there but can't serve now: as good as none.
    private static readonly string[] NotNow = ["LOADING", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "TRYAGAIN", "MOVED", "ASK", "BUSY"];

    /// <summary>Whether the server does not know the script.</summary>
    public static bool IsUnknownScript(RedisServerException exception) => exception.Message.StartsWith(NoScript, StringComparison.Ordinal);

    /// <summary>Whether an exception says something of the store or its driver. Any other is a fault of ours and goes its way.</summary>
    public static bool Covers(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException
        or ObjectDisposedException or OperationCanceledException or ArgumentException or FormatException or InvalidCastException or OverflowException;

    /// <summary>Whether the store is there and does not take the account or its password.</summary>
    public static bool IsOfTheAccount(Exception? exception) =>
        exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure, InnerException: not AuthenticationException }
        || (exception is not null && IsOfTheAccount(exception.InnerException));

    /// <summary>The exception that stands for a driver's one.</summary>
    public static StoreException From(Exception exception) => exception switch
    {
        _ when IsOfTheAccount(exception) => new StoreException(StoreFailure.Refused, "The store refuses this account or its password."),
        TimeoutException => new StoreException(StoreFailure.Timeout, "The store did not answer in time."),
        RedisServerException server when !IsNotNow(server) =>
            new StoreException(StoreFailure.Refused, "The store refused: a deadline, a command or key that the account may not use, or full memory."),
        RedisException or ObjectDisposedException or OperationCanceledException =>
            new StoreException(StoreFailure.Unavailable, "The store can't be reached."),
        ArgumentException or FormatException => new StoreException(StoreFailure.Malformed, "The store's settings or its answer can't be read."),
        InvalidCastException or OverflowException => new StoreException(StoreFailure.Malformed, "The store's answer is not of the expected form."),
        _ => new StoreException(StoreFailure.Unavailable, "The call to the store failed."),
    };

    private static bool IsNotNow(RedisServerException exception)
    {
        foreach (var prefix in NotNow)
        {
            if (exception.Message.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
