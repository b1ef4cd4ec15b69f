using System.Text.Json.Serialization;

namespace SpamGuard.Cli.Replay;

/// <summary>What a replay found.</summary>
/// <param name="All">Over all rows.</param>
/// <param name="Test">Over the last share of them.</param>
/// <param name="Skipped">How many rows were at fault and skipped.</param>
/// <param name="ByDefault">The same where records are kept as long as a service keeps them; only where <c>--retention</c> asked for another life.</param>
internal sealed record ReplayResult(
    [property: JsonPropertyName("all")] DetectionFigures All,
    [property: JsonPropertyName("test")] DetectionFigures Test,
    [property: JsonPropertyName("skipped")] int Skipped,
    [property: JsonPropertyName("default_retention"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReplayResult? ByDefault = null);
