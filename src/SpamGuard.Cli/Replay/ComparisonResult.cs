using System.Text.Json.Serialization;

namespace SpamGuard.Cli.Replay;

/// <summary>How two policies did on the same file.</summary>
/// <param name="Live">How the live policy did.</param>
/// <param name="Candidate">How the candidate did.</param>
/// <param name="Spam">What they said of spam: harder is more caught, milder is more missed.</param>
/// <param name="Legitimate">What they said of legitimate events: harder is more hurt, milder is more spared.</param>
/// <param name="DifferingRows">All rows whose decisions differ, be it in verdict, probability or reasons: those in which two files of decisions would.</param>
internal sealed record ComparisonResult(
    [property: JsonPropertyName("live")] ReplayResult Live,
    [property: JsonPropertyName("candidate")] ReplayResult Candidate,
    [property: JsonPropertyName("spam")] VerdictChanges Spam,
    [property: JsonPropertyName("legitimate")] VerdictChanges Legitimate,
    [property: JsonPropertyName("differing_rows")] IReadOnlyCollection<long> DifferingRows);
