using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Benchmarks.Retention;

/// <summary>What a pass of the retention auditor takes, and what others of the same Redis wait meanwhile.</summary>
internal static class AuditRun
{
    public const int DefaultKeys = 300_000;
    private const double Tail = 99;
    private static readonly TimeSpan Side = TimeSpan.FromSeconds(5);

    /// <summary>Runs so many rounds, a quiet side and a side with a pass each, and one pass without a limit.</summary>
    public static async Task RunAsync(int keys, int rounds, int keysPerSecond, TextWriter output, CancellationToken cancellationToken)
    {
        await using var redis = await BenchmarkRedis.StartAsync();
        await redis.PlantAsync(keys);
        await using var connection = new RedisConnection(
            Options.Create(new SignalStoreOptions { ConnectionString = redis.AuditorConnection }), NullLogger<RedisConnection>.Instance, AuditOptions.DriverTimeoutMilliseconds, asksForSettings: true);
        await connection.StartAsync(cancellationToken);
        var store = new AuditedStore(connection);
        var ping = new PingLoop(redis.Endpoint);
        var fastest = await PassAsync(store, AuditOptions.MostKeysPerSecond, cancellationToken);
        var rows = new List<(double Quiet, double Audited, double Seconds)>();
        for (var round = 0; round < rounds; round++)
        {
            var ends = TimeProvider.System.GetTimestamp();
            var quiet = await ping.RunAsync(() => TimeProvider.System.GetElapsedTime(ends) < Side, cancellationToken);
            var pass = PassAsync(store, keysPerSecond, cancellationToken);
            var audited = await ping.RunAsync(() => !pass.IsCompleted, cancellationToken);
            rows.Add((quiet.GetValueAtPercentile(Tail), audited.GetValueAtPercentile(Tail), (await pass).Duration.TotalSeconds));
        }

        var version = await redis.VersionAsync();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {keys} keys, Redis {version}, {rounds} rounds, PING a millisecond after each answer, over a connection of its own
            a pass at {keysPerSecond} keys/s: {Median(rows.Select(row => row.Seconds)) * 1e6 / keys:0.0} s a million keys
            a pass without a limit: {fastest.Duration.TotalSeconds * 1e6 / keys:0.0} s a million keys
            PING p99 without a pass: {Median(rows.Select(static row => row.Quiet)):0} us, during one: {Median(rows.Select(static row => row.Audited)):0} us
            p99 during a pass / without: {Median(rows.Select(static row => row.Audited / row.Quiet)):0.00} [{rows.Min(static row => row.Audited / row.Quiet):0.00}-{rows.Max(static row => row.Audited / row.Quiet):0.00}]
            """));
    }

    private static async Task<AuditReport> PassAsync(AuditedStore store, int keysPerSecond, CancellationToken cancellationToken)
    {
        var report = await new RetentionAuditor(store, keysPerSecond, TimeProvider.System, new SpamGuard.Retention.EpochCalendar()).RunAsync(dryRun: true, cancellationToken);
        return report.IsComplete ? report : throw new BenchmarkException("The pass was not complete.");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
