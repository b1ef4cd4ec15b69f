using System.Diagnostics;
using SpamGuard.Promise.Clauses;
using SpamGuard.Promise.Report;
using SpamGuard.Promise.Sabotages;
using SpamGuard.Promise.World;

namespace SpamGuard.Promise;

/// <summary>Walks the clauses on a world that it starts and ends.</summary>
internal static class Walk
{
    /// <param name="broken">What is broken.</param>
    /// <param name="isWhole">Whether clauses that wait do so under a sabotage of another clause too.</param>
    /// <param name="cancellationToken">Ends what was started and gives up.</param>
    /// <exception cref="PromiseException">The world can't be started.</exception>
    public static async Task<WalkReport> RunAsync(SabotageSet broken, bool isWhole, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var world = await RunningWorld.StartAsync(broken, isWhole, cancellationToken);
        var walked = ClauseCatalog.All.Select(static clause => (Clause: clause, Findings: new Findings())).ToList();
        foreach (var (clause, findings) in walked)
        {
            await clause.BeginAsync(world, findings, cancellationToken);
        }

        var results = new List<ClauseResult>();
        foreach (var (clause, findings) in walked)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await clause.RunAsync(world, findings, cancellationToken);
            results.Add(new ClauseResult(clause.Name, clause.Promise, findings.Hold, findings.All, findings.Omitted));
        }

        return new WalkReport([.. broken.All.Select(static one => one.Name)], results, watch.Elapsed.TotalSeconds);
    }
}
