using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>Events in batches of 64 beside single calls of the same round, and beside the bare script on as many events a call, prepared ahead.</summary>
internal sealed class BatchRatio(ServerProcess server, IReadOnlyList<ScoreRequest> requests, PipelinedRedis client, CommandBook script, CallRatio calls, TimeSpan side) : IRatio
{
    /// <summary>Events in a batch.</summary>
    public const int Size = 64;

    // 512 events in flight: enough that client, server and Redis all have something to do, and none has long queues.
    private const int InFlight = 8;
    private const int SlicesOfSide = 4;
    private const int WarmSlices = 8;

    private readonly ScoreBatchRequest[] _batches = [.. requests.Chunk(Size).Where(static chunk => chunk.Length == Size).Select(static chunk => new ScoreBatchRequest { Requests = { chunk } })];
    private readonly Random _random = new(1);

    public IReadOnlyList<RowKind> Rows { get; } =
        [Report.Rows.BatchPerScore, Report.Rows.BatchPerScript, Report.Rows.BatchBytes, Report.Rows.BatchRate, Report.Rows.BatchScriptRate];

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmSlices; i++)
        {
            await BatchAsync(cancellationToken);
            client.Run(script, side / SlicesOfSide, cancellationToken);
        }
    }

    public async Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var (events, bytes, seconds, bare, bareSeconds) = (0L, 0L, 0.0, 0L, 0.0);
        for (var slice = 0; slice < SlicesOfSide; slice++)
        {
            var before = await server.AllocatedAsync(cancellationToken);
            var batches = await BatchAsync(cancellationToken);
            bytes += await server.AllocatedAsync(cancellationToken) - before;
            (events, seconds) = (events + ((long)batches.Count * Size), seconds + batches.Elapsed.TotalSeconds);
            var scripts = client.Run(script, side / SlicesOfSide, cancellationToken);
            (bare, bareSeconds) = (bare + ((long)scripts.Count * Size), bareSeconds + scripts.Elapsed.TotalSeconds);
        }

        var (rate, bareRate) = (events / seconds, bare / bareSeconds);
        samples.Add(Report.Rows.BatchPerScore, rate / calls.ScoreRate);
        samples.Add(Report.Rows.BatchPerScript, rate / bareRate);
        samples.Add(Report.Rows.BatchBytes, bytes / (double)events);
        samples.Add(Report.Rows.BatchRate, rate);
        samples.Add(Report.Rows.BatchScriptRate, bareRate);
    }

    private Task<Rate> BatchAsync(CancellationToken cancellationToken)
    {
        var (scoring, first) = (server.Scoring, _random.Next(_batches.Length));
        return ClosedLoop.RunAsync("ScoreBatch", InFlight, side / SlicesOfSide, async index =>
        {
            var answer = await scoring.ScoreBatchAsync(_batches[(int)((first + (long)index * 797) % _batches.Length)]);
            if (answer.Results.Any(static result => result.ResultCase != ScoreBatchResult.ResultOneofCase.Assessment))
            {
                throw new BenchmarkException("ScoreBatch: not every event was scored.");
            }
        }, cancellationToken);
    }
}
