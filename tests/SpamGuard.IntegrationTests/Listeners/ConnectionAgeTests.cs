using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Server.Listeners;

namespace SpamGuard.IntegrationTests.Listeners;

/// <summary>A connection is to end once, about when it is told to.</summary>
public sealed class ConnectionAgeTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryEnd_BeforeNineTenths_IsNotTime()
    {
        var age = Age();
        _time.Advance(MaxAge * .899);

        Assert.False(age.TryEnd(isTimeForAll: false));
    }

    [Fact]
    public void TryEnd_AfterElevenTenths_IsTimeOnce()
    {
        var age = Age();
        _time.Advance(MaxAge * 1.101);

        Assert.True(age.TryEnd(isTimeForAll: false));
        Assert.False(age.TryEnd(isTimeForAll: false));
    }

    [Fact]
    public void TryEnd_WhenAllAreToEnd_IsTimeOnceHoweverYoung()
    {
        var age = Age();

        Assert.True(age.TryEnd(isTimeForAll: true));
        Assert.False(age.TryEnd(isTimeForAll: true));
    }

    [Fact]
    public void Begin_OfManyConnections_SpreadsTheirEnds()
    {
        var ages = Enumerable.Range(0, 200).Select(_ => Age()).ToList();
        _time.Advance(MaxAge);

        Assert.InRange(ages.Count(static age => age.TryEnd(isTimeForAll: false)), 50, 150);
    }

    private ConnectionAge Age()
    {
        var connection = new DefaultConnectionContext();
        ConnectionAge.Begin(connection, MaxAge, _time);
        return connection.Features.Get<ConnectionAge>()!;
    }
}
