namespace SpamGuard.Testing;

/// <summary>A cluster whose masters have a replica each.</summary>
public sealed class RedisReplicatedClusterFixture : RedisClusterFixture
{
    protected override int ReplicasOfEach => 1;
}
