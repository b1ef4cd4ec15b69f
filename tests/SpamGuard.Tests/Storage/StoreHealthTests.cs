using Microsoft.Extensions.Time.Testing;
using SpamGuard.Storage;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Storage;

public sealed class StoreHealthTests
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly StoreHealth _health;

    public StoreHealthTests() => _health = new StoreHealth(_time, new StoreClock(_time));

    [Fact]
    public void Failed_Once_BeginsAnOutageThatAges()
    {
        _health.Answered();
        Assert.Null(_health.Outage);
        var outage = _health.Failed();
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Same(outage, _health.Failed());
        Assert.Same(outage, _health.Outage);
        Assert.Equal(TimeSpan.FromSeconds(7), _health.Age(outage));
        Assert.Equal(2, outage.Failures);
    }

    [Fact]
    public void Answered_AfterAQuietTime_EndsTheOutageAndNotBefore()
    {
        var outage = _health.Failed();
        _time.Advance(StoreHealth.Quiet - TimeSpan.FromTicks(1));
        _health.Answered();
        Assert.Same(outage, _health.Outage);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Same(outage, _health.Outage); // time alone proves nothing
        _health.Answered();
        Assert.Null(_health.Outage);
        Assert.NotSame(outage, _health.Failed());
    }

    [Fact]
    public void IsAway_FollowsTheLastCallAndNotTheOutage()
    {
        Assert.False(_health.IsAway);
        var outage = _health.Failed();
        Assert.True(_health.IsAway);
        _health.Answered();

        Assert.Same(outage, _health.Outage);
        Assert.False(_health.IsAway);
        _health.Failed();
        Assert.True(_health.IsAway);
    }

    [Fact]
    public void Failed_AgainWithinTheQuietTime_BeginsItAnew()
    {
        var outage = _health.Failed();
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(StoreHealth.Quiet - TimeSpan.FromSeconds(1));
            _health.Answered();
            Assert.Same(outage, _health.Failed());
        }
    }

    [Fact]
    public void Failed_OneCallInAHundred_DoesNotKeepAnOutageUp()
    {
        _health.Failed();
        for (var i = 0; i < 10; i++)
        {
            Answer(StoreHealth.AnsweredPerFailure);
            _health.Failed();
            _time.Advance(StoreHealth.Quiet / 10);
        }

        _health.Answered();
        Assert.Null(_health.Outage);
    }

    [Fact]
    public void Failed_TwoCallsInAHundred_KeepsAnOutageUp()
    {
        _health.Failed();
        for (var i = 0; i < 100; i++)
        {
            Answer((StoreHealth.AnsweredPerFailure / 2) - 1);
            _health.Failed();
            _time.Advance(StoreHealth.Quiet / 10);
        }

        _health.Answered();
        Assert.NotNull(_health.Outage);
    }

    [Fact]
    public void Failed_CallsThatAreForgiven_AreNoneToSpeakOf()
    {
        var outage = _health.Failed();
        var last = outage.LastFailed;
        for (var i = 0; i < 5; i++)
        {
            Answer(StoreHealth.AnsweredPerFailure);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Same(outage, _health.Failed());
        }

        Assert.Equal((1, last), (outage.Failures, outage.LastFailed));
    }

    private void Answer(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _health.Answered();
        }
    }
}
