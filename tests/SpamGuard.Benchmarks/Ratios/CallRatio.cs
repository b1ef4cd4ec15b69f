using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>Score beside an empty method of the same server: calls a second, and bytes allocated a call.</summary>
internal sealed class CallRatio(ServerProcess server, IReadOnlyList<ScoreRequest> requests, TimeSpan side) : IRatio
{
    private const int InFlight = 64;
    private const int WarmSides = 3;
    private static readonly EmptyRequest Nothing = new();
    private readonly Random _random = new(1);

    public IReadOnlyList<RowKind> Rows { get; } =
        [Report.Rows.ScorePerEmpty, Report.Rows.ScoreBytes, Report.Rows.EmptyBytes, Report.Rows.ScoreRate, Report.Rows.EmptyRate];

    /// <summary>Scores a second in the last round.</summary>
    public double ScoreRate { get; private set; }

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmSides; i++)
        {
            await EmptyAsync(cancellationToken);
            await ScoreAsync(cancellationToken);
        }
    }

    public async Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var (empty, emptyBytes) = await EmptyAsync(cancellationToken);
        var (score, scoreBytes) = await ScoreAsync(cancellationToken);
        ScoreRate = score.PerSecond;
        samples.Add(Report.Rows.ScorePerEmpty, score.PerSecond / empty.PerSecond);
        samples.Add(Report.Rows.ScoreBytes, scoreBytes);
        samples.Add(Report.Rows.EmptyBytes, emptyBytes);
        samples.Add(Report.Rows.ScoreRate, score.PerSecond);
        samples.Add(Report.Rows.EmptyRate, empty.PerSecond);
    }

    private Task<(Rate Rate, double Bytes)> EmptyAsync(CancellationToken cancellationToken)
    {
        var client = server.Probe;
        return RunAsync("Empty", _ => client.EmptyAsync(Nothing).ResponseAsync, cancellationToken);
    }

    private Task<(Rate Rate, double Bytes)> ScoreAsync(CancellationToken cancellationToken)
    {
        var (client, first) = (server.Scoring, _random.Next(requests.Count));
        return RunAsync("Score", index => client.ScoreAsync(requests[Spread(first + index)]).ResponseAsync, cancellationToken);
    }

    private async Task<(Rate Rate, double Bytes)> RunAsync(string what, Func<int, Task> call, CancellationToken cancellationToken)
    {
        var before = await server.AllocatedAsync(cancellationToken);
        var rate = await ClosedLoop.RunAsync(what, InFlight, side, call, cancellationToken);
        var after = await server.AllocatedAsync(cancellationToken);
        return (rate, (after - before) / (double)rate.Count);
    }

    // Neighbours in time are far apart in the population, and no address comes again before most others came.
    private int Spread(int index) => (int)((long)index * 7919 % requests.Count);
}
