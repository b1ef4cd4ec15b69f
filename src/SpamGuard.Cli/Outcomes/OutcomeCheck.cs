using System.Globalization;
using System.Text.Json.Serialization;
using SpamGuard.Feedback;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Outcomes;

/// <summary>What would be sent: the answer of a dry run.</summary>
internal sealed record OutcomeCheck
{
    /// <summary>Rows that would be sent.</summary>
    [JsonPropertyName("would_send")]
    public required int WouldSend { get; init; }

    /// <summary>The same by kind and label, such as <c>sign_up spam</c>.</summary>
    [JsonPropertyName("by_kind_and_label")]
    public required IReadOnlyDictionary<string, int> ByKindAndLabel { get; init; }

    /// <summary>Rows at fault.</summary>
    [JsonPropertyName("skipped")]
    public required int Skipped { get; init; }

    /// <summary>Checks every row, and sends nothing.</summary>
    public static OutcomeCheck Of(OutcomeRows rows, OutcomeTally tally, CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var what = $"{row.Kind.Name()} {row.Label.Name()}";
            counts[what] = counts.GetValueOrDefault(what) + 1;
        }

        return new OutcomeCheck { WouldSend = counts.Values.Sum(), ByKindAndLabel = counts, Skipped = tally.AtFault };
    }

    /// <summary>For people.</summary>
    public TextTable Table() => new(
        ["rows", "count"], [.. ByKindAndLabel.Select(pair => Row(pair.Key, pair.Value)), Row("would send", WouldSend), Row("skipped", Skipped)]);

    private static IReadOnlyList<string> Row(string name, int count) => [name, count.ToString(CultureInfo.InvariantCulture)];
}
