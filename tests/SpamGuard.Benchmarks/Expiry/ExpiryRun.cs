using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Retention;

namespace SpamGuard.Benchmarks.Expiry;

/// <summary>What a Redis does to its callers while very many records die: each at its own deadline, as ours do, and all at one instant.</summary>
/// <remarks>
/// A service's deadlines are spread over 1/32 of an epoch, 2.6 hours for addresses; here over seconds, which is harder on Redis by the same factor.
/// </remarks>
internal static class ExpiryRun
{
    /// <summary>How many keys where none are asked for.</summary>
    public const int DefaultKeys = 300_000;

    /// <summary>The least that show anything, and the most that fit in two minutes.</summary>
    public const int FewestKeys = 10_000;

    /// <inheritdoc cref="FewestKeys"/>
    public const int MostKeys = 300_000;

    private const int KeysACall = 10_000;
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToWrite = TimeSpan.FromSeconds(10);

    // Records of 33 bytes under keys as ours are; the deadline of each as EpochCalendar.Deadline spreads it.
    private const string Plant = """
        local from, count, all = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local last, spread = tonumber(ARGV[4]), tonumber(ARGV[5])
        local time = redis.call('TIME')
        local now, value = time[1] * 1000 + math.floor(time[2] / 1000), string.rep('x', 33)
        for i = from, from + count - 1 do
          local prefix = math.floor(i * 65536 / all)
          redis.call('PSETEX', string.format('sg:a:{%016x}', i), string.format('%d', last - math.floor(prefix * spread / 65536) - now), value)
        end
        return now
        """;

    /// <summary>Runs both ways, one after the other.</summary>
    public static async Task<ExpiryReport> RunAsync(int keys, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var redis = await BenchmarkRedis.StartAsync();
        using var probe = new PingProbe(redis.Endpoint);
        await progress.WriteLineAsync("nothing dies");
        var idle = new Dying("nothing dies", probe.Run(Quiet, static () => false, cancellationToken), Quiet, Capped: 0);
        await progress.WriteLineAsync("each at its own deadline");
        var staggered = await DieAsync(redis, probe, "each at its own", keys, Spread, cancellationToken);
        await progress.WriteLineAsync("all at one instant");
        var together = await DieAsync(redis, probe, "all at once", keys, TimeSpan.Zero, cancellationToken);
        return new ExpiryReport(keys, Spread, TimeSpan.FromSeconds((double)RetentionClass.Address.EpochSeconds / EpochCalendar.StaggerDivisor), idle, staggered, together);
    }

    // From the first death until the last key is gone.
    private static async Task<Dying> DieAsync(
        BenchmarkRedis redis, PingProbe probe, string name, int keys, TimeSpan spread, CancellationToken cancellationToken)
    {
        var now = await redis.TimeAsync();
        var last = now + (long)(ToWrite + spread).TotalMilliseconds;
        for (var from = 0; from < keys; from += KeysACall)
        {
            await redis.EvaluateAsync(Plant, from, Math.Min(KeysACall, keys - from), keys, last, (long)spread.TotalMilliseconds);
        }

        var wait = last - (long)spread.TotalMilliseconds - await redis.TimeAsync();
        if (wait < 0 || await redis.KeysAsync() != keys)
        {
            throw new BenchmarkException($"{keys} keys could not be written in {ToWrite.TotalSeconds} s.");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, cancellationToken);
        var capped = await redis.CappedPurgesAsync();
        using var gone = new CancellationTokenSource();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var watch = WatchAsync(redis, gone, cancellationToken);
        var pings = await Task.Run(() => probe.Run(spread + ToWrite, () => gone.IsCancellationRequested, cancellationToken), cancellationToken);
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        await watch;
        return new Dying(name, pings, took, await redis.CappedPurgesAsync() - capped);
    }

    private static async Task WatchAsync(BenchmarkRedis redis, CancellationTokenSource gone, CancellationToken cancellationToken)
    {
        while (await redis.KeysAsync() > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        await gone.CancelAsync();
    }
}
