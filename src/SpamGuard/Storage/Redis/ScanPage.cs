using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>One answer to SCAN.</summary>
/// <param name="Cursor">Where to go on; <see cref="AuditedServer.Start"/> at the end.</param>
/// <param name="Keys">The names of keys that are alive; one may come twice while the server's table grows.</param>
/// <param name="Purged">
/// Expired keys that this SCAN freed: by how many there are fewer after it than before it, the three commands being sent at once.
/// </param>
internal sealed record ScanPage(string Cursor, IReadOnlyList<RedisKey> Keys, long Purged);
