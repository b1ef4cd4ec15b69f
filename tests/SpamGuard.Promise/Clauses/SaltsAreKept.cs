using System.Globalization;
using SpamGuard.Promise.World;

namespace SpamGuard.Promise.Clauses;

/// <summary>Waits until the processes use the salts that the store has, and asks how often they had to give up others for them.</summary>
internal sealed class SaltsAreKept : IClause
{
    public string Name => "nobody overwrites a salt";

    public string Promise => "All processes use the salts of the store, and a salt that somebody put in the place of another is adopted, counted and told.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await world.AtAsync(Moment.SaltsInUse);
        await Agreement.UntilAsync(world, "69.10");
        var salts = await TokenBook.SaltsAsync(world.Redis.Admin);
        findings.Must(salts.Count > 0, $"a new address is recognised by pepper and the {salts.Count} salts of the store: the process that scores uses these");
        foreach (var (who, process) in ((string, ServiceProcess)[])[("the process that scores", world.Service), ("the desk", world.Desk)])
        {
            var conflicts = await process.MetricAsync("spamguard_salt_conflicts_total");
            findings.Must(conflicts == 0, string.Create(CultureInfo.InvariantCulture, $"{who} adopted {conflicts?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} salts in the place of others (spamguard_salt_conflicts_total)"));
        }
    }
}
