using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>The hot path's script beside the plainest command there is: what the counting itself costs Redis.</summary>
internal sealed class ScriptRatio(PipelinedRedis client, CommandBook gets, CommandBook events, CommandBook eventsWithId, TimeSpan side) : IRatio
{
    public IReadOnlyList<RowKind> Rows { get; } = [Report.Rows.ScriptPerGet, Report.Rows.ScriptWithIdPerGet, Report.Rows.GetRate, Report.Rows.ScriptRate];

    public Task WarmAsync(CancellationToken cancellationToken) => RoundAsync(new Samples(), cancellationToken);

    public Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var get = client.Run(gets, side, cancellationToken).PerSecond;
        var script = client.Run(events, side, cancellationToken).PerSecond;
        var withId = client.Run(eventsWithId, side, cancellationToken).PerSecond;
        samples.Add(Report.Rows.ScriptPerGet, script / get);
        samples.Add(Report.Rows.ScriptWithIdPerGet, withId / get);
        samples.Add(Report.Rows.GetRate, get);
        samples.Add(Report.Rows.ScriptRate, script);
        return Task.CompletedTask;
    }
}
