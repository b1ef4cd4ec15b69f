using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>One server of the store, as the auditor asks it: for names and times to live, never for a value.</summary>
/// <remarks>Every method throws <see cref="StoreException"/> where the server is away, too late or refuses.</remarks>
/// <param name="server">The driver's server.</param>
internal sealed class AuditedServer(IServer server)
{
    /// <summary>The cursor at which a walk begins and ends.</summary>
    public const string Start = "0";

    /// <summary>The time to live of a key that is not there.</summary>
    public const long Gone = -2;

    /// <summary>The time to live of a key that never expires.</summary>
    public const long Forever = -1;

    /// <summary>In place of a time to live: the key is another master's by now.</summary>
    public const long Moved = -3;

    // As the server says it, and as the driver does where it must not follow.
    private static readonly string[] MovedTexts = ["MOVED ", "Key has MOVED"];

    // More than a server keeps: acllog-max-len is 128.
    private const int AllEntries = 100_000;

    /// <summary>Whether a walk that is there has nowhere to go on to.</summary>
    public static bool IsStart(string cursor) => string.Equals(cursor, Start, StringComparison.Ordinal);

    /// <summary>Host and port, as the store's operator knows it.</summary>
    public string Name { get; } = EndPointCollection.ToString(server.EndPoint);

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected => server.IsConnected;

    /// <summary>Its part in replication, asked now: what the driver remembers may be older than the last fail-over.</summary>
    public async Task<ServerRole> RoleAsync() =>
        ServerRole.Of(await InfoAsync("replication")) ?? throw new StoreException(StoreFailure.Refused, "The server does not say whether it is a master.");

    /// <summary>How many keys it holds, expired ones that were not freed yet included; of its first database, the only one that is ours.</summary>
    public async Task<long> CountAsync() => (long)await AskAsync("DBSIZE");

    /// <summary>How many keys its other databases hold.</summary>
    public async Task<long> CountElsewhereAsync() => (await InfoAsync("keyspace"))
        .Where(static pair => pair.Key.StartsWith("db", StringComparison.Ordinal) && !string.Equals(pair.Key, "db0", StringComparison.Ordinal))
        .Sum(static pair => long.TryParse(pair.Value.Split(',')[0].Replace("keys=", string.Empty, StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var keys) ? keys : 0);

    /// <summary>The next names. On a master, SCAN frees the expired keys that it meets; a replica leaves them out and waits for its master.</summary>
    /// <param name="cursor">From the page before, or <see cref="Start"/>.</param>
    /// <param name="count">About how many names.</param>
    public async Task<ScanPage> ScanAsync(string cursor, int count)
    {
        // In one packet, which the server works off at a stretch: between the counts nothing else happens.
        var (before, scan, after) = (AskAsync("DBSIZE"), AskAsync("SCAN", cursor, "COUNT", count), AskAsync("DBSIZE"));
        await Task.WhenAll(before, scan, after);
        var page = await scan;
        return new ScanPage((string)page[0]!, (RedisKey[])page[1]!, Math.Max(0, (long)await before - (long)await after));
    }

    /// <summary>Its clock, in unix milliseconds; <c>null</c> where it does not tell it.</summary>
    public async Task<long?> NowAsync() =>
        long.TryParse((await InfoAsync("server")).GetValueOrDefault("server_time_usec"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? microseconds / 1000
            : null;

    /// <summary>What keys have left to live, in milliseconds, or <see cref="Gone"/>, <see cref="Forever"/> or <see cref="Moved"/>.</summary>
    public Task<long[]> RemainingAsync(IReadOnlyList<RedisKey> keys) => Task.WhenAll(keys.Select(RemainingOfAsync));

    /// <summary>A setting's value; <c>null</c> where the server knows no such setting or does not tell it.</summary>
    public async Task<string?> SettingAsync(string name) =>
        await TryAskAsync("CONFIG", "GET", name) is { Length: 2 } answer ? (string?)answer[1] : null;

    /// <summary>The fields of a part of INFO; none where the server does not tell them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InfoAsync(string section)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ((string?)await TryAskAsync("INFO", section) ?? string.Empty).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields[line[..colon]] = line[(colon + 1)..];
            }
        }

        return fields;
    }

    /// <summary>The refusals in the ACL log, which also holds the names of keys that they were about; <c>null</c> where the server does not tell.</summary>
    public async Task<IReadOnlyList<StoreRefusal>?> RefusalsAsync() =>
        await TryAskAsync(RedisConnection.Acl, "LOG", AllEntries) is { } log ? [.. ((RedisResult[])log!).Select(StoreRefusal.Of)] : null;

    /// <summary>Empties the ACL log.</summary>
    public Task ForgetRefusalsAsync() => AskAsync(RedisConnection.Acl, "LOG", "RESET");

    private async Task<long> RemainingOfAsync(RedisKey key)
    {
        try
        {
            return (long)await server.ExecuteAsync("PTTL", [key], CommandFlags.NoRedirect);
        }
        catch (RedisServerException e) when (Array.Exists(MovedTexts, text => e.Message.StartsWith(text, StringComparison.Ordinal)))
        {
            return Moved;
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw StoreFailures.From(e);
        }
    }

    /// <summary>As <see cref="AskAsync"/>, with <c>null</c> for an answer that is a refusal.</summary>
    private async Task<RedisResult?> TryAskAsync(string command, params object[] arguments)
    {
        try
        {
            return await AskAsync(command, arguments);
        }
        catch (StoreException e) when (e.Failure == StoreFailure.Refused)
        {
            return null;
        }
    }

    private async Task<RedisResult> AskAsync(string command, params object[] arguments)
    {
        try
        {
            return await server.ExecuteAsync(command, arguments, CommandFlags.NoRedirect);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw StoreFailures.From(e);
        }
    }
}
