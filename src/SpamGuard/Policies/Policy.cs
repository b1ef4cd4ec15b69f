using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace SpamGuard.Policies;

/// <summary>All that operators decide: how events of each kind are judged, whose reports count, and what is tried in shadow. Immutable.</summary>
internal sealed record Policy
{
    /// <summary>The policy that is in force where none is configured.</summary>
    public static readonly Policy Default = new();

    /// <summary>How sign-ups are judged.</summary>
    public ScoringPolicy SignUp { get; init; } = ScoringPolicy.Default;

    /// <summary>How messages are judged.</summary>
    public ScoringPolicy Message { get; init; } = ScoringPolicy.Default;

    [PolicyKey("reports.trusted_by_default", "Whether the reports of callers count that are not named below reports.callers.")]
    public bool ReportsTrustedByDefault { get; init; } = true;

    [PolicyKey("reports.callers", "Whether the reports of this caller count. As yet there is one, development: callers have no certificates to be told apart by.")]
    public ImmutableSortedDictionary<string, bool> ReportsTrusted { get; init; } = ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal);

    /// <summary>What is judged beside, on the same records, and decides nothing; <c>null</c> for nothing.</summary>
    public Policy? Candidate { get; init; }

    /// <summary>The same judging for both kinds.</summary>
    public static Policy Of(ScoringPolicy policy) => new() { SignUp = policy, Message = policy };

    /// <summary>How events of a kind are judged.</summary>
    public ScoringPolicy For(EventKind kind) => kind == EventKind.SignUp ? SignUp : Message;

    /// <summary>Whether the reports of a caller count.</summary>
    public bool TrustsReportsOf(string caller) => ReportsTrusted.TryGetValue(caller, out var trusted) ? trusted : ReportsTrustedByDefault;

    /// <summary>Identifies the content of this policy: the first 16 hex digits of SHA-256 over its JSON form.</summary>
    /// <remarks>Computed anew at each call, so that a copy with another constant can't inherit it: <see cref="PolicyInForce"/> keeps it.</remarks>
    public string Revision() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)).AsSpan(0, 8));
}
