using System.Globalization;

namespace SpamGuard.Storage.Redis;

/// <summary>What a server says of its part in replication.</summary>
/// <param name="IsMaster">Whether it takes writes.</param>
/// <param name="Replicas">How many replicas follow it now.</param>
/// <param name="ReplicasSyncing">Whether one of them is being sent everything: the fork that does it looks like a save.</param>
/// <param name="History">The name of the history of writes that it has; another one after a fail-over, a restart or a full synchronisation.</param>
/// <param name="MasterLink">Of a replica, whether it is connected to its master: <c>up</c> or <c>down</c>; <c>null</c> where it does not say.</param>
internal sealed record ServerRole(bool IsMaster, int Replicas, bool ReplicasSyncing, string History, string? MasterLink)
{
    /// <summary>Of what <c>INFO replication</c> answers; <c>null</c> where it does not say which part it has.</summary>
    public static ServerRole? Of(IReadOnlyDictionary<string, string> info) => !info.TryGetValue("role", out var role) ? null : new(
        !string.Equals(role, "slave", StringComparison.Ordinal),
        int.TryParse(info.GetValueOrDefault("connected_slaves"), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) ? replicas : 0,
        info.Any(static pair => pair.Key.StartsWith("slave", StringComparison.Ordinal)
            && (pair.Value.Contains("state=wait_bgsave", StringComparison.Ordinal) || pair.Value.Contains("state=send_bulk", StringComparison.Ordinal))),
        info.GetValueOrDefault("master_replid") ?? string.Empty,
        info.GetValueOrDefault("master_link_status"));
}
