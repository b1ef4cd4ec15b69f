using System.Globalization;
using System.Text.Json;

namespace SpamGuard.Cli.Load;

/// <summary>What a load came to.</summary>
/// <param name="Seed">What the addresses followed from.</param>
/// <param name="Rate">How many calls a second were to begin.</param>
/// <param name="Seconds">How long it took, until the last answer.</param>
/// <param name="Interrupted">Whether it was stopped before its end.</param>
/// <param name="Calls">How many calls were begun.</param>
/// <param name="Answered">How many were answered by a verdict.</param>
/// <param name="Degraded">How many of those without the store.</param>
/// <param name="Errors">The others, by status code.</param>
/// <param name="Verdicts">The answers, by verdict.</param>
/// <param name="LatencyMs">Of the answers, and of no error, each from when its call was to begin by the rate.</param>
/// <param name="EmptyMs">Of empty health calls, 20 a second in between.</param>
/// <param name="Ratio">The median of the answers by that of the empty calls; <c>null</c> where either is not known.</param>
internal sealed record LoadReport(
    int Seed,
    int Rate,
    double Seconds,
    bool Interrupted,
    long Calls,
    long Answered,
    long Degraded,
    IReadOnlyDictionary<string, long> Errors,
    IReadOnlyDictionary<string, long> Verdicts,
    LoadLatency? LatencyMs,
    LoadLatency? EmptyMs,
    double? Ratio)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>For scripts.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SnakeCase);

    /// <summary>For people.</summary>
    public IEnumerable<TextTable> Tables() =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["seed", Text(Seed)],
                ["rate", Text(Rate)],
                ["seconds", Text(Seconds)],
                ["interrupted", Interrupted ? "true" : "false"],
                ["calls", Text(Calls)],
                ["answered", Text(Answered)],
                ["degraded", Text(Degraded)],
                ["ratio", Ratio is { } ratio ? Text(ratio) : string.Empty],
            ]),
        new TextTable(["code", "calls"], [.. Errors.Select(static pair => (IReadOnlyList<string>)[pair.Key, Text(pair.Value)])], Prefix: "error"),
        new TextTable(["verdict", "calls"], [.. Verdicts.Select(static pair => (IReadOnlyList<string>)[pair.Key, Text(pair.Value)])], Prefix: "verdict"),
        new TextTable(
            ["of", "p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms"], [.. Row("score", LatencyMs), .. Row("empty", EmptyMs)], Prefix: "latency", IsNamed: true),
    ];

    private static IEnumerable<IReadOnlyList<string>> Row(string of, LoadLatency? latency) => latency is null
        ? []
        : [[of, Text(latency.P50), Text(latency.P90), Text(latency.P99), Text(latency.P999), Text(latency.Max)]];

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
