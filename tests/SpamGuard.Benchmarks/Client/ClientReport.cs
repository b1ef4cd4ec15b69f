using System.Globalization;
using System.Text;

namespace SpamGuard.Benchmarks.Client;

/// <summary>What a run of the client measured.</summary>
/// <param name="Timeout">The client's deadline.</param>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Phases">The states in their order.</param>
internal sealed record ClientReport(TimeSpan Timeout, int PerSecond, IReadOnlyList<ClientPhase> Phases)
{
    private const double Slack = 1.2;
    private const double Judged = .99;

    /// <summary>0 only where verdicts came within the deadline and a fifth, in every state, and from the service again in each where it is there.</summary>
    public int ExitCode => Phases.All(IsGood) ? 0 : 1;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{PerSecond} ScoreAsync calls/s, whether or not earlier ones were answered; deadline {Milliseconds(Timeout)} ms; times in ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"service",-16}{"calls",7}{"its own",9}{"p50",8}{"p99",8}{"max",8}{"p99 ÷ deadline",16}{"pool p99",10}{"threads",9}  its own again after");
        foreach (var phase in Phases)
        {
            var back = !phase.IsThere ? "" : phase.BackAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s") : "never";
            text.AppendLine(CultureInfo.InvariantCulture, $"{phase.Name,-16}{phase.Verdicts.Count,7}{phase.FromService,9:0.0 %}{Milliseconds(phase.Took(.5)),8}{Milliseconds(phase.Took(Judged)),8}{Milliseconds(phase.Took(1)),8}{phase.Took(Judged) / Timeout,16:0.00}{Milliseconds(phase.Waited(Judged)),10}{phase.Threads,9}  {back}{(IsGood(phase) ? "" : "  MISSED")}");
        }

        return text.ToString();
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private bool IsGood(ClientPhase phase) => phase.Took(Judged) <= Timeout * Slack && (!phase.IsThere || phase.BackAfter is not null);
}
