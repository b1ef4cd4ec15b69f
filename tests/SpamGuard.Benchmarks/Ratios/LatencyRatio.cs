using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>How long callers wait at a rate that the server keeps up with, Score beside the empty method.</summary>
internal sealed class LatencyRatio(ServerProcess server, IReadOnlyList<ScoreRequest> requests, TimeSpan side) : IRatio
{
    /// <summary>Calls a second.</summary>
    public const int PerSecond = 1000;

    private const double Median = 50;
    private const double Tail = 99;
    private static readonly EmptyRequest Nothing = new();
    private int _next;

    public IReadOnlyList<RowKind> Rows { get; } =
        [Report.Rows.MedianLatency, Report.Rows.TailLatency, Report.Rows.ScoreMedianLatency, Report.Rows.ScoreTailLatency];

    public Task WarmAsync(CancellationToken cancellationToken) => RoundAsync(new Samples(), cancellationToken);

    public async Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var (probe, scoring) = (server.Probe, server.Scoring);
        var empty = await OpenLoop.RunAsync("Empty", PerSecond, side, _ => probe.EmptyAsync(Nothing).ResponseAsync, cancellationToken);
        var score = await OpenLoop.RunAsync("Score", PerSecond, side, _ => scoring.ScoreAsync(Request()).FullAsync(), cancellationToken);
        samples.Add(Report.Rows.MedianLatency, Ratio(Median));
        samples.Add(Report.Rows.TailLatency, Ratio(Tail));
        samples.Add(Report.Rows.ScoreMedianLatency, score.GetValueAtPercentile(Median));
        samples.Add(Report.Rows.ScoreTailLatency, score.GetValueAtPercentile(Tail));

        double Ratio(double percentile) => score.GetValueAtPercentile(percentile) / (double)empty.GetValueAtPercentile(percentile);
    }

    private ScoreRequest Request() => requests[_next = (_next + 7919) % requests.Count];
}
