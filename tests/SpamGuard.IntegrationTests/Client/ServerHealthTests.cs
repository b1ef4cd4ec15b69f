extern alias client;

using client::SpamGuard.Client.Connections;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Time.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>Which server is an outlier, and how often it is asked then.</summary>
public sealed class ServerHealthTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(57));

    [Fact]
    public void Failures_FiveInARow_LeaveOneCallEveryFiveSeconds()
    {
        var health = new ServerHealth(_time);

        Fail(health, 4);
        Assert.True(health.Takes());
        Fail(health, 1);

        Assert.False(health.Takes());
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(health.Takes());
        _time.Advance(TimeSpan.FromSeconds(.1));
        Assert.Equal((true, false, false), (health.Takes(), health.Takes(), health.Takes()));
        Fail(health, 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((true, false), (health.Takes(), health.Takes()));
        Answer(health);
        Assert.Equal((true, true), (health.Takes(), health.Takes()));
    }

    [Fact]
    public void Failures_Forgiven_CountNoMore()
    {
        var health = new ServerHealth(_time);
        Fail(health, 5);

        health.Forgive();

        Assert.True(health.Takes());
        Fail(health, 4);
        Assert.True(health.Takes());
    }

    [Fact]
    public void Failures_WithAnswersBetweenThem_AreNoReason()
    {
        var health = new ServerHealth(_time);

        for (var i = 0; i < 20; i++)
        {
            Fail(health, 4);
            Answer(health);
            Assert.True(health.Takes());
        }
    }

    private static void Fail(ServerHealth health, int times)
    {
        for (var i = 0; i < times; i++)
        {
            health.Complete(new CompletionContext { Error = new OperationCanceledException() });
        }
    }

    private static void Answer(ServerHealth health) => health.Complete(new CompletionContext());
}
