using System.Globalization;
using System.Text.Json.Serialization;

namespace SpamGuard.Cli.Outcomes;

/// <summary>What became of the rows of a file.</summary>
internal sealed record OutcomeSummary
{
    /// <summary>Rows that the server answered.</summary>
    [JsonPropertyName("sent")]
    public required int Sent { get; init; }

    /// <summary>Those that counted.</summary>
    [JsonPropertyName("applied")]
    public required int Applied { get; init; }

    /// <summary>Those that had counted before: in an earlier run, or by the same reporter at the same address.</summary>
    [JsonPropertyName("duplicate")]
    public required int Duplicate { get; init; }

    /// <summary>Those that did not count because the policy does not trust this caller's reports.</summary>
    [JsonPropertyName("untrusted")]
    public required int Untrusted { get; init; }

    /// <summary>Rows at fault that were not sent.</summary>
    [JsonPropertyName("skipped")]
    public required int Skipped { get; init; }

    /// <summary>Rows that the server refused.</summary>
    [JsonPropertyName("failed")]
    public required int Failed { get; init; }

    /// <summary>The first line that is not done: behind the last one where all are.</summary>
    [JsonPropertyName("next_line")]
    public required long NextLine { get; init; }

    /// <summary>For people.</summary>
    public TextTable Table() => new(
        ["rows", "count"],
        [
            Row("sent", Sent), Row("applied", Applied), Row("duplicate", Duplicate), Row("untrusted", Untrusted), Row("skipped", Skipped), Row("failed", Failed),
        ]);

    private static IReadOnlyList<string> Row(string name, int count) => [name, count.ToString(CultureInfo.InvariantCulture)];
}
