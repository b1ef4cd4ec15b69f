namespace SpamGuard.Desk.Ledger;

/// <summary>Who does something.</summary>
/// <param name="Caller">The name in the file of callers.</param>
/// <param name="Identity">All names in the certificate by which the caller is known, in their own order, with a space between; the caller's name again where callers are not told apart.</param>
/// <param name="Key">SHA-256 of the certificate's public key (SubjectPublicKeyInfo) in hex; empty where that is not known.</param>
internal sealed record LedgerActor(string Caller, string Identity, string Key)
{
    /// <summary>What stands between two names: no name holds one.</summary>
    public const char Between = ' ';

    /// <summary>Whether two have a name in common.</summary>
    public bool SharesNameWith(LedgerActor other) => Identity.Split(Between).Intersect(other.Identity.Split(Between), StringComparer.Ordinal).Any();
}
