namespace SpamGuard.Testing;

/// <summary>One Redis for all test classes that only read and write: they run one after the other and flush first.</summary>
[CollectionDefinition(nameof(RedisCollection))]
public sealed class RedisCollection : ICollectionFixture<RedisFixture>;
