extern alias client;

using client::SpamGuard.Client;
using client::SpamGuard.Client.Resilience;
using client::SpamGuard.V1;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>How long calls without a verdict are let in, however many others get one.</summary>
public sealed class OutageTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(57));

    [Theory]
    [InlineData(.1)]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(600)]
    public void Grace_OfAServiceThatAnswersEverySecondCall_EndsAndDoesNotBeginAnew(double secondsApart)
    {
        var outage = new Outage(Options.Create(new SpamGuardClientOptions()), _time, NullLogger<Outage>.Instance);
        var allowedFor = TimeSpan.Zero;
        var begun = _time.GetUtcNow();
        for (var i = 0; i < 2000; i++)
        {
            if (outage.Verdict(EventKind.SignUp, FallbackCause.Deadline).Verdict == Verdict.Allow)
            {
                allowedFor = _time.GetUtcNow() - begun;
            }

            _time.Advance(TimeSpan.FromSeconds(secondsApart));
            outage.Answered();
            _time.Advance(TimeSpan.FromSeconds(secondsApart));
        }

        Assert.True(allowedFor < TimeSpan.FromSeconds(30), $"{allowedFor}");
    }

    [Fact]
    public void Grace_OfAnotherOutage_IsItsOwn()
    {
        var outage = new Outage(Options.Create(new SpamGuardClientOptions()), _time, NullLogger<Outage>.Instance);
        outage.Verdict(EventKind.SignUp, FallbackCause.Deadline);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((Verdict.Challenge, true), outage.Verdict(EventKind.SignUp, FallbackCause.Deadline));

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            outage.Answered();
        }

        Assert.Equal((Verdict.Allow, false), outage.Verdict(EventKind.SignUp, FallbackCause.Deadline));
    }
}
