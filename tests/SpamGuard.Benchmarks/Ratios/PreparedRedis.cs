using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Benchmarks.Subjects;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>A Redis with salts, the script, a client that pipelines, and an event of every address as a command.</summary>
internal sealed class PreparedRedis : IAsyncDisposable
{
    private PreparedRedis(BenchmarkRedis redis, HotPath hotPath, PipelinedRedis client, CommandBook events)
    {
        Redis = redis;
        HotPath = hotPath;
        Client = client;
        Events = events;
    }

    public BenchmarkRedis Redis { get; }

    public HotPath HotPath { get; }

    public PipelinedRedis Client { get; }

    public CommandBook Events { get; }

    public static async Task<PreparedRedis> StartAsync(Population population, byte[] pepper, CancellationToken cancellationToken)
    {
        var redis = await BenchmarkRedis.StartAsync();
        try
        {
            await redis.LoadAsync(Scripts.InService.Observe.Text);
            var hotPath = await HotPath.StartAsync(redis.ScorerConnection, pepper, cancellationToken);
            return new PreparedRedis(
                redis, hotPath, new PipelinedRedis(redis.Endpoint), hotPath.Observe(population.Addresses, withRequestId: false));
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await HotPath.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
