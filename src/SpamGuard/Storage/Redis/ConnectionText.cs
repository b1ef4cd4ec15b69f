using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Checks a connection string without ever showing it: it may hold a password.</summary>
internal static class ConnectionText
{
    /// <summary>What is wrong with a connection string, in one sentence; <c>null</c> for nothing.</summary>
    /// <param name="key">Where it stands.</param>
    /// <param name="text">The connection string.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="needed">Why there must be one.</param>
    public static string? Fault(string key, string? text, string user, string needed)
    {
        var allowed = $"allowed is host:port[,host:port...][,user=...][,password=...], the user being the {user}'s";
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"{key}: found nothing, and {needed}; {allowed}.";
        }

        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0 ? null : $"{key}: names no server; {allowed}.";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return $"{key}: can't be read ({e.GetType().Name}; the value is withheld); {allowed}.";
        }
    }
}
