using System.Text;
using Microsoft.Extensions.Logging;
using Prometheus;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Tests.Epochs;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

public sealed class OutageServiceTests : IDisposable
{
    private readonly SteppedTime _time = new(Start);
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly StoreHealth _health;
    private readonly StoreClock _clock;
    private readonly LocalEpochs _salts = new(PepperRing.ForThisRun(), new EpochCalendar());
    private readonly RecordingLogger<OutageService> _log = new();
    private readonly OutageService _service;

    public OutageServiceTests()
    {
        _clock = new StoreClock(_time);
        _health = new StoreHealth(_time, _clock);
        var policy = Policy.Default with { SignUp = ScoringPolicy.Default with { Failure = FailurePolicy.Default with { Answer = FailureAnswer.Challenge } } };
        _service = new OutageService(
            _health, _salts, _clock, new PolicySource(policy), new OutageMetrics(Metrics.WithCustomRegistry(_registry)), _time, _log);
    }

    public void Dispose()
    {
        _service.Dispose();
        _salts.Dispose();
    }

    [Fact]
    public async Task Service_OverAnOutage_SaysOnceThatItBeganAndThatItEnded()
    {
        await _service.StartAsync(default);
        for (var i = 0; i < 5; i++)
        {
            _health.Failed();
            await _time.StepAsync();
        }

        await _time.StepUntilAsync(() => _log.Entries.Count > 0);
        var away = Assert.Single(_log.Entries);
        Assert.Equal(EventIds.StoreAway, away.Id);
        Assert.Contains("sign-ups are answered by the failure answer Challenge and messages by Local", away.Text, StringComparison.Ordinal);
        Assert.Contains("spamguard_store_outage_seconds 5\n", await MetricsAsync(), StringComparison.Ordinal);

        for (var i = 0; i < 11; i++)
        {
            _health.Answered();
            await _time.StepAsync();
        }

        await _time.StepUntilAsync(() => _log.Entries.Count > 1);
        Assert.Equal((LogLevel.Information, EventIds.StoreBack, "The store is back; it was away for 4.0 s."), _log.Entries[^1]);
        Assert.Contains("spamguard_store_outage_seconds 0\n", await MetricsAsync(), StringComparison.Ordinal);
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_OneLateAnswer_IsNothingToSpeakOf()
    {
        await _service.StartAsync(default);
        _health.Failed();
        for (var i = 0; i < 12; i++)
        {
            await _time.StepAsync();
            _health.Answered();
        }

        await _time.StepUntilAsync(() => true);
        Assert.Null(_health.Outage);
        Assert.Empty(_log.Entries);
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_AtTheEndOfAnEpoch_ZeroesTheLocalSalt()
    {
        await _service.StartAsync(default);
        var secret = (await _salts.LiveAsync(_clock.Now, default)).Current(RetentionClass.Address);

        await _time.JumpAsync(DateTimeOffset.FromUnixTimeSeconds(new EpochCalendar().End(secret.Id)));
        await _time.StepUntilAsync(() => Array.TrueForAll(secret.ToRecord().Salt, value => value == 0));
        await _service.StopAsync(default);
    }

    private async Task<string> MetricsAsync()
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
