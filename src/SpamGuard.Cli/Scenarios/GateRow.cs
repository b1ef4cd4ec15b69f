using System.Text.Json.Serialization;
using SpamGuard.Cli.Scenarios.Gates;

namespace SpamGuard.Cli.Scenarios;

/// <summary>How one gate fared.</summary>
/// <param name="Gate">What must hold.</param>
/// <param name="Measured">What was measured; <c>null</c> where what was waited for never came.</param>
/// <param name="Limit">What it was held against.</param>
/// <param name="Margin">What is left of the room that the limit gives: 1 is all of it, below 0 the gate is lost.</param>
/// <param name="Outcome">Whether it held.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record GateRow(
    string Gate,
    double? Measured,
    double Limit,
    double Margin,
    [property: JsonIgnore] GateResult Outcome,
    [property: JsonIgnore] GateUnit Unit)
{
    /// <summary>Whether it held, in words.</summary>
    public string Result => Outcome.Name();

    /// <summary>Measures a gate.</summary>
    public static GateRow Of(Gate gate, Answers answers, Func<string, Answers> others)
    {
        var measured = gate.Measure(answers, others);
        return new GateRow(gate.Text, measured.Measured, measured.Limit, measured.Margin, measured.Result, measured.Unit);
    }
}
