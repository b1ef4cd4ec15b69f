namespace SpamGuard.Testing;

/// <summary>The same cluster with a replica for each master.</summary>
public sealed class RedisReplicatedClusterFixture : RedisClusterFixture
{
    protected override int ReplicasOfAMaster => 1;
}
