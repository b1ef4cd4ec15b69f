using System.Globalization;
using System.Text;
using SpamGuard.Promise.World;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;

namespace SpamGuard.Promise.Clauses;

/// <summary>Walks the keyspace: what is left of the life of every key.</summary>
internal sealed class EveryKeyHasALife : IClause
{
    private const double DaySeconds = 86_400;

    public string Name => "every key has a life";

    public string Promise => "Whatever is written expires, at most 7 or 30 days after it was written, by the store's own clock.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var now = await TokenBook.SecondAsync(world.Redis.Admin); // before the lives, which only get shorter
        var keys = await KeyspaceAudit.WalkAsync(world.Redis.Admin);
        findings.Must(keys.Count > 0, $"{keys.Count} keys walked by SCAN and PTTL");
        foreach (var kind in Keys.Kinds)
        {
            var ofKind = keys.Where(key => key.Key.StartsWith($"{Keys.Prefix}{kind.Letter}:", StringComparison.Ordinal) && key.Fault is null).ToList();
            if (ofKind.Count > 0)
            {
                var longest = ofKind.Max(static key => key.LeftMilliseconds) / 1000.0;
                findings.Must(longest <= kind.CapSeconds, $"sg:{kind.Letter}: {ofKind.Count} keys, the longest life left is {Days(longest)}, allowed is {Days(kind.CapSeconds)}");
            }
        }

        var calendar = new EpochCalendar();
        var salts = keys.Select(key => (key.LeftMilliseconds, Epoch: Keys.EpochOf(Encoding.ASCII.GetBytes(key.Key)))).Where(static salt => salt.Epoch is not null).ToList();
        var late = salts.Count(salt => salt.LeftMilliseconds > (calendar.End(salt.Epoch!.Value) - now) * 1000);
        findings.Must(salts.Count > 0 && late == 0, $"of {salts.Count} salts {late} would live longer than the epoch after theirs");
        foreach (var key in keys.Where(static key => key.Fault is not null))
        {
            findings.Must(false, key.Fault!);
        }
    }

    private static string Days(double seconds) =>
        seconds < DaySeconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{seconds / DaySeconds:0.00} days");
}
