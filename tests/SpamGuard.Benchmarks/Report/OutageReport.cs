using System.Globalization;
using System.Text;

namespace SpamGuard.Benchmarks.Report;

/// <summary>What a run of outages measured.</summary>
/// <param name="Budget">The budget of a call to the store.</param>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Memory">What an outage's memory takes.</param>
/// <param name="Phases">The phases in their order.</param>
internal sealed record OutageReport(TimeSpan Budget, int PerSecond, OutageMemory Memory, IReadOnlyList<Phase> Phases)
{
    /// <summary>0 only where every call of every phase was answered and the store was used again in time after each outage.</summary>
    public int ExitCode => Phases.Count > 0 && Phases.All(static phase => phase.IsGood) ? 0 : 1;

    public string ToText()
    {
        var limit = Budget * 1.2;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{PerSecond} Score calls/s over gRPC, whether or not earlier ones were answered; budget {Milliseconds(Budget)} ms; times in ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"store",-10}{"calls",7}{"failed",8}{"DEGRADED",10}{"p50",9}{"p99",9}{"max",9}{$"> {Milliseconds(limit)}",9}  FULL again after");
        foreach (var phase in Phases)
        {
            var full = !phase.IsReturn ? "" : phase.FullAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s") : "never";
            text.AppendLine(CultureInfo.InvariantCulture, $"{phase.Name,-10}{phase.Calls.Count,7}{phase.Failed,8}{phase.DegradedShare,10:0.0 %}{Milliseconds(phase.Latency(.5)),9}{Milliseconds(phase.Latency(.99)),9}{Milliseconds(phase.Latency(1)),9}{phase.Beyond(limit),9}  {full}{(phase.IsGood ? "" : "  MISSED")}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"an outage's memory when full: {Memory.Records} records, {Memory.Bytes / 1e6:0} MB with what is kept for retries; longest event {Memory.Longest.TotalMilliseconds:0.0} ms");
        return text.ToString();
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
