using System.Net;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

public sealed class StoreMemoryReadingsTests
{
    private static readonly DnsEndPoint Full = new("full", 6379);
    private static readonly DnsEndPoint Empty = new("empty", 6379);

    private readonly StoreMemoryReadings _readings = new();

    [Fact]
    public void Readings_BeforeAnyAnswer_AreUnknown()
    {
        Look();

        Assert.Equal((0, null, null), (_readings.Known, _readings.Share, _readings.Limit));
    }

    [Fact]
    public void Readings_FullMasterMissesLooks_CountsAsItWasUntilItIsForgotten()
    {
        Look((Full, 90, 100), (Empty, 10, 200));
        for (var missed = 1; missed < StoreMemoryReadings.LooksToForget; missed++)
        {
            Look((Empty, 10, 200));
            Assert.Equal((2, 0.9, 100L), (_readings.Known, _readings.Share, _readings.Limit));
        }

        Look((Empty, 10, 200));
        Assert.Equal((1, 0.05, 200L), (_readings.Known, _readings.Share, _readings.Limit));
    }

    [Fact]
    public void Readings_MasterAnswersNowAndThen_IsNeverForgotten()
    {
        Look((Full, 90, 100));
        for (var missed = 0; missed < 3 * StoreMemoryReadings.LooksToForget; missed++)
        {
            Look(missed % (StoreMemoryReadings.LooksToForget - 1) == 0 ? [(Full, 70, 100)] : []);
            Assert.Equal(0.7, _readings.Share);
        }
    }

    [Fact]
    public void Readings_NobodyAnswers_AreUnknownInTheEnd()
    {
        Look((Full, 90, 100));
        for (var missed = 0; missed < StoreMemoryReadings.LooksToForget; missed++)
        {
            Look();
        }

        Assert.Equal((0, null, null), (_readings.Known, _readings.Share, _readings.Limit));
    }

    private void Look(params (EndPoint Master, long Used, long Limit)[] answers) =>
        _readings.Look(answers.ToDictionary(static one => one.Master, static one => new StoreMemoryReading(one.Used, one.Limit, Evicted: 0)));
}
