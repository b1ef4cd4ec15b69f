namespace SpamGuard.Policies;

/// <summary>What a tag of an address does. Its keys stand below the tag's name.</summary>
internal sealed record TagPolicy(
    [property: PolicyKey("weight", -20, 20, "Log-odds of spam that the tag adds; below 0 it takes away.")]
    double Weight,
    [property: PolicyKey("cap", "The hardest verdict that an event with this tag gets.")]
    Verdict? Cap)
{
    /// <summary>A tag that does nothing.</summary>
    public static readonly TagPolicy None = new(0, Cap: null);
}
