using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Benchmarks.Subjects;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>What a record takes in Redis. Leaves the records there, for the rows that want many subjects.</summary>
internal sealed class MemoryRatio(BenchmarkRedis redis, PipelinedRedis client, CommandBook events, Population population) : IRatio
{
    public IReadOnlyList<RowKind> Rows { get; } = [Report.Rows.RecordBytes, Report.Rows.AddressBytes];

    // Once over everything, so that what the connections and the script engine take is there before the first measure.
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        client.RunOnce(events, cancellationToken);
        await redis.ClearAsync();
    }

    public async Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        await redis.ClearAsync();
        var before = await redis.UsedMemoryAsync();
        client.RunOnce(events, cancellationToken);
        var after = await redis.UsedMemoryAsync();
        var keys = await redis.KeysAsync();
        if (keys != population.Records)
        {
            throw new BenchmarkException($"Redis holds {keys} records and not {population.Records}: what was measured is something else.");
        }

        samples.Add(Report.Rows.RecordBytes, (after - before) / (double)keys);
        samples.Add(Report.Rows.AddressBytes, (after - before) / (double)population.Addresses);
    }
}
