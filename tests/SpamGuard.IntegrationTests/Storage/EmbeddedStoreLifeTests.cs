using System.Net.Sockets;
using SpamGuard.Embedded;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Storage;

public sealed class EmbeddedStoreLifeTests
{
    [Fact]
    public async Task Start_Twice_GivesTwoStoresOnPortsOfTheirOwn()
    {
        await using var one = EmbeddedStore.Start();
        await using var other = EmbeddedStore.Start();
        await using var first = await StoreUnderTest.OpenAsync(one.ConnectionString, SignalTopology.Standalone, admin: null);
        await using var second = await StoreUnderTest.OpenAsync(other.ConnectionString, SignalTopology.Standalone, admin: null);

        await first.Store.AddAsync([new(null, 1, 0, 0)], default).DefaultTimeout();

        Assert.NotEqual(one.Port, other.Port);
        Assert.Single(await first.LivesAsync());
        Assert.Empty(await second.LivesAsync());
    }

    [Fact]
    public async Task DisposeAsync_AStore_FreesItsPortAndLeavesNoFile()
    {
        var files = Directory.GetFileSystemEntries(Environment.CurrentDirectory).ToHashSet(StringComparer.Ordinal);
        var store = EmbeddedStore.Start();
        await using (var opened = await StoreUnderTest.OpenAsync(store.ConnectionString, SignalTopology.Standalone, admin: null))
        {
            await opened.Store.AddAsync([new(null, 1, 0, 0)], default).DefaultTimeout();
        }

        await store.DisposeAsync();

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", store.Port).DefaultTimeout());
        Assert.Equal(files, Directory.GetFileSystemEntries(Environment.CurrentDirectory).ToHashSet(StringComparer.Ordinal));
    }
}
