using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>Score beside an empty method of the same server: calls a second, and bytes allocated a call.</summary>
internal sealed class CallRatio(ServerProcess server, IReadOnlyList<ScoreRequest> requests, TimeSpan side) : IRatio
{
    private const int InFlight = 64;

    // In turns within a round too, so that what else the machine does falls on both.
    private const int SlicesOfSide = 4;
    private const int WarmSlices = 8;
    private static readonly EmptyRequest Nothing = new();
    private readonly Random _random = new(1);

    public IReadOnlyList<RowKind> Rows { get; } =
        [Report.Rows.ScorePerEmpty, Report.Rows.ScoreBytes, Report.Rows.EmptyBytes, Report.Rows.ScoreRate, Report.Rows.EmptyRate];

    /// <summary>Scores a second in the last round.</summary>
    public double ScoreRate { get; private set; }

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmSlices; i++)
        {
            await EmptyAsync(cancellationToken);
            await ScoreAsync(cancellationToken);
        }
    }

    public async Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var (empty, score) = (default(Side), default(Side));
        for (var slice = 0; slice < SlicesOfSide; slice++)
        {
            empty += await EmptyAsync(cancellationToken);
            score += await ScoreAsync(cancellationToken);
        }

        ScoreRate = score.PerSecond;
        samples.Add(Report.Rows.ScorePerEmpty, score.PerSecond / empty.PerSecond);
        samples.Add(Report.Rows.ScoreBytes, score.BytesPerCall);
        samples.Add(Report.Rows.EmptyBytes, empty.BytesPerCall);
        samples.Add(Report.Rows.ScoreRate, score.PerSecond);
        samples.Add(Report.Rows.EmptyRate, empty.PerSecond);
    }

    private Task<Side> EmptyAsync(CancellationToken cancellationToken)
    {
        var client = server.Probe;
        return RunAsync("Empty", _ => client.EmptyAsync(Nothing).ResponseAsync, cancellationToken);
    }

    private Task<Side> ScoreAsync(CancellationToken cancellationToken)
    {
        var (client, first) = (server.Scoring, _random.Next(requests.Count));
        return RunAsync("Score", index => client.ScoreAsync(requests[Spread(first + index)]).FullAsync(), cancellationToken);
    }

    private async Task<Side> RunAsync(string what, Func<int, Task> call, CancellationToken cancellationToken)
    {
        var before = await server.AllocatedAsync(cancellationToken);
        var rate = await ClosedLoop.RunAsync(what, InFlight, side / SlicesOfSide, call, cancellationToken);
        var after = await server.AllocatedAsync(cancellationToken);
        return new Side(rate.Count, rate.Elapsed, after - before);
    }

    // Neighbours in time are far apart in the population, and no address comes again before most others came.
    private int Spread(int index) => (int)((long)index * 7919 % requests.Count);

    private readonly record struct Side(int Calls, TimeSpan Elapsed, long Bytes)
    {
        public double PerSecond => Calls / Elapsed.TotalSeconds;

        public double BytesPerCall => Bytes / (double)Calls;

        public static Side operator +(Side one, Side other) => new(one.Calls + other.Calls, one.Elapsed + other.Elapsed, one.Bytes + other.Bytes);
    }
}
