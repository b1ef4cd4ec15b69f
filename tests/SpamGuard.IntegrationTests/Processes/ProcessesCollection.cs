using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>Servers of their own under load: beside them no other test would keep its store's budget.</summary>
[CollectionDefinition(nameof(ProcessesCollection), DisableParallelization = true)]
public sealed class ProcessesCollection : ICollectionFixture<RedisFixture>;
