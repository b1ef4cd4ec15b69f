using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Looks at the memory of the store's masters and puts the rule of <see cref="StoreMemory"/> in force and out of it.</summary>
internal sealed partial class StoreMemoryService(
    RedisConnection connection, StoreMemory memory, StoreMemoryMetrics metrics, TimeProvider time, ILogger<StoreMemoryService> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>For how long evictions that go on are not told again.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly StoreMemoryReadings _readings = new();
    private readonly Dictionary<EndPoint, long> _evicted = [];
    private long _evictedUntold;
    private long? _toldOfEvictions;

    /// <summary>Looks once. It ends within the driver's time for a command, whatever the store does.</summary>
    public async Task LookAsync()
    {
        var answers = (await Task.WhenAll(connection.Masters.Select(async master => (master.EndPoint, Reading: await ReadAsync(master)))))
            .Where(static one => one.Reading is not null)
            .ToDictionary(static one => one.EndPoint, static one => one.Reading!);
        _readings.Look(answers);
        Apply();
        foreach (var (endPoint, reading) in answers)
        {
            Evicted(endPoint, reading.Evicted);
        }

        TellEvictions();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync();
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<StoreMemoryReading?> ReadAsync(IServer master)
    {
        try
        {
            var answers = await Task.WhenAll(master.InfoRawAsync("memory"), master.InfoRawAsync("stats"));
            return StoreMemoryReading.Of(answers[0], answers[1]);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            return null; // whether the store is well is told by others
        }
    }

    private void Apply()
    {
        if (memory.Is(_readings.Share))
        {
            if (memory.IsTight)
            {
                Log.Tight(logger, 100 * _readings.Share!.Value, 100 * StoreMemory.EasedShare);
            }
            else
            {
                Log.Eased(logger, 100 * _readings.Share!.Value, _readings.Known);
            }
        }

        metrics.Is(_readings.Share, _readings.Limit, memory.IsTight);
    }

    // The server counts from its own start: less than before is another start, and of a server seen first nothing is known of before.
    private void Evicted(EndPoint master, long total)
    {
        if (_evicted.TryGetValue(master, out var before))
        {
            var more = total >= before ? total - before : total;
            metrics.Evicted(more);
            _evictedUntold += more;
        }

        _evicted[master] = total;
    }

    private void TellEvictions()
    {
        if (_evictedUntold > 0 && (_toldOfEvictions is not { } told || time.GetElapsedTime(told) >= Silence))
        {
            Log.Evicts(logger, _evictedUntold);
            (_evictedUntold, _toldOfEvictions) = (0, time.GetTimestamp());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.StoreMemoryTight,
            LogLevel.Warning,
            "The store's memory is {Percent:0.0} % full. Until it is below {EasedPercent:0} % no records of new addresses, accounts and contents are made.",
            EventName = "StoreMemoryTight")]
        public static partial void Tight(ILogger logger, double percent, double easedPercent);

        [LoggerMessage(EventIds.StoreMemoryEased, LogLevel.Information, "Records of new addresses are made again: the fullest of {Masters} masters that answer is {Percent:0.0} % full.", EventName = "StoreMemoryEased")]
        public static partial void Eased(ILogger logger, double percent, int masters);

        [LoggerMessage(EventIds.StoreEvicts, LogLevel.Warning, "The store threw out {Count} keys before their time: it needs more maxmemory.", EventName = "StoreEvicts")]
        public static partial void Evicts(ILogger logger, long count);
    }
}
