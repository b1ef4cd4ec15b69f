namespace SpamGuard.Storage.Redis;

/// <summary>How the store is deployed; decides which commands the driver may send.</summary>
internal enum SignalTopology
{
    /// <summary>One server, with or without replicas, at a fixed address.</summary>
    Standalone,

    /// <summary>Sentinels name the primary; the connection string lists them and says <c>serviceName</c>.</summary>
    Sentinel,

    /// <summary>A Redis Cluster: a call is shared out over its slots.</summary>
    Cluster,
}
