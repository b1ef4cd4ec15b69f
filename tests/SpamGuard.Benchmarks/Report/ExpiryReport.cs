using System.Globalization;
using System.Text;

namespace SpamGuard.Benchmarks.Report;

/// <summary>What dying keys cost whoever asks Redis meanwhile.</summary>
/// <param name="Keys">How many died, each way.</param>
/// <param name="Spread">Over which time, where each had its own deadline.</param>
/// <param name="SpreadOfService">Over which time they die in a service.</param>
/// <param name="Idle">While none died.</param>
/// <param name="Staggered">Each at its own deadline.</param>
/// <param name="Together">All at one instant.</param>
internal sealed record ExpiryReport(int Keys, TimeSpan Spread, TimeSpan SpreadOfService, Dying Idle, Dying Staggered, Dying Together)
{
    /// <summary>How much longer a PING must take when all die at once for the stagger to be worth its while.</summary>
    public const double Floor = 2;

    /// <summary>The p99 of a PING while all die at once, over that while each dies at its own deadline.</summary>
    public double Ratio => Together.Latency(.99) / Staggered.Latency(.99);

    /// <summary>0 only where the ratio is at its floor or above.</summary>
    public int ExitCode => Ratio >= Floor ? 0 : 1;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Keys} records; their own deadlines are spread over {Spread.TotalSeconds:0} s here, over {SpreadOfService.TotalHours:0.0} h in a service; PING in ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"deadlines",-18}{"pings",8}{"p50",9}{"p99",9}{"max",9}{"gone in",10}{"purges cut short",18}");
        foreach (var dying in new[] { Idle, Staggered, Together })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{dying.Name,-18}{dying.Pings.Count,8}{Milliseconds(dying.Latency(.5)),9}{Milliseconds(dying.Latency(.99)),9}{Milliseconds(dying.Latency(1)),9}{dying.Took.TotalSeconds,8:0.0} s{dying.Capped,18}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"p99 all at once ÷ p99 each at its own: {Ratio:0.0} (floor {Floor:0}){(ExitCode == 0 ? "" : "  MISSED")}; max: {Together.Latency(1) / Staggered.Latency(1):0.0}");
        return text.ToString();
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
