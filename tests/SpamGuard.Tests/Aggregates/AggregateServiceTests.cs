using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Aggregates;

public sealed class AggregateServiceTests
{
    private static readonly WidePrefix Wide = new(4, 198);
    private readonly FakeTimeProvider _here = new(Start);
    private readonly VirtualClock _there = new();

    [Theory]
    [InlineData(0, 2)]
    [InlineData(60, 2)]
    [InlineData(300, 0)]
    public async Task Stop_WithSomethingUnsent_SendsItUnlessTheClocksAreTooFarApart(int secondsApart, int expected)
    {
        _there.Set(Start.AddSeconds(secondsApart));
        var store = new InProcessSignalStore(_there);
        var clock = new StoreClock(_here);
        await clock.MeasureAsync(store, default);
        var aggregates = new TrafficAggregates(new AggregateMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));
        using var service = new AggregateService(store, aggregates, clock, _here, NullLogger<AggregateService>.Instance);
        aggregates.CountEvent(Wide, 2, isMessage: false, clock.Now);

        await service.StartAsync(default);
        await service.StopAsync(default);

        Assert.Equal(expected, (await store.AddAsync([new AggregateAddition(Wide, 0, 0, 0)], default))[0].Today);
    }
}
