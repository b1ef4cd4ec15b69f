namespace SpamGuard.Testing;

/// <summary>One cluster for all test classes that only read and write.</summary>
[CollectionDefinition(nameof(RedisClusterCollection))]
public sealed class RedisClusterCollection : ICollectionFixture<RedisClusterFixture>;
