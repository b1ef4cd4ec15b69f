using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Fixtures;

/// <summary>
/// Tests that wait for most of their minutes, for an epoch's end, a pause of the breaker or a process' start, one after the other and beside all that run
/// in parallel: the processors are free meanwhile. <see cref="WaitingFirst"/> begins them first, and what else runs in parallel keeps a place for each
/// processor (<c>xunit.runner.json</c>).
/// </summary>
[CollectionDefinition(nameof(WaitingCollection))]
public sealed class WaitingCollection : ICollectionFixture<RedisFixture>;
