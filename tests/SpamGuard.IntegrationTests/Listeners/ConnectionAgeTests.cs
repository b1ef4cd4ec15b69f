using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Listeners;

/// <summary>A connection is asked to close once, about when it is told to.</summary>
public sealed class ConnectionAgeTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Limit_BeforeNineTenths_DoesNotAsk() => Assert.Equal(0, await RequestsAfterAsync(Age * .899));

    [Fact]
    public async Task Limit_AfterElevenTenths_HasAskedOnce() => Assert.Equal(1, await RequestsAfterAsync(Age * 3));

    [Fact]
    public async Task Limit_ConnectionThatEndedBefore_IsNotAsked()
    {
        var time = new FakeTimeProvider();
        var (connection, lifetime) = Connection();

        await ConnectionAge.LimitAsync(connection, _ => Task.CompletedTask, Age, time).DefaultTimeout();
        time.Advance(Age * 2);

        Assert.Equal(0, lifetime.Requests);
    }

    private static async Task<int> RequestsAfterAsync(TimeSpan elapsed)
    {
        var time = new FakeTimeProvider();
        var (connection, lifetime) = Connection();
        var end = new TaskCompletionSource();

        var limited = ConnectionAge.LimitAsync(connection, _ => end.Task, Age, time);
        time.Advance(elapsed);
        var requests = lifetime.Requests;
        end.SetResult();
        await limited.DefaultTimeout();
        return requests;
    }

    private static (DefaultConnectionContext Connection, Lifetime Lifetime) Connection()
    {
        var lifetime = new Lifetime();
        var connection = new DefaultConnectionContext();
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(lifetime);
        return (connection, lifetime);
    }

    private sealed class Lifetime : IConnectionLifetimeNotificationFeature
    {
        public int Requests { get; private set; }

        public CancellationToken ConnectionClosedRequested { get; set; }

        public void RequestClose() => Requests++;
    }
}
