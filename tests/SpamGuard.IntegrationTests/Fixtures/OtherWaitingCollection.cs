using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Fixtures;

/// <summary>As <see cref="WaitingCollection"/>, and beside it: together these take as long as the rest does.</summary>
[CollectionDefinition(nameof(OtherWaitingCollection))]
public sealed class OtherWaitingCollection : ICollectionFixture<RedisFixture>;
