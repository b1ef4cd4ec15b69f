using SpamGuard.Embedded;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>One embedded store for all test classes that only read and write.</summary>
public sealed class GarnetFixture : IAsyncLifetime
{
    private EmbeddedStore? _store;

    public string ConnectionString => _store!.ConnectionString;

    public Task InitializeAsync()
    {
        _store = EmbeddedStore.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _store!.DisposeAsync();
}

[CollectionDefinition(nameof(GarnetCollection))]
public sealed class GarnetCollection : ICollectionFixture<GarnetFixture>;
