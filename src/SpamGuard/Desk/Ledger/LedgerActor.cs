namespace SpamGuard.Desk.Ledger;

/// <summary>Who does something.</summary>
/// <param name="Caller">The name in the file of callers.</param>
/// <param name="Identity">Of the names in the certificate, the first by which the caller is known; the caller's name again where callers are not told apart.</param>
/// <param name="Key">SHA-256 of the certificate's public key (SubjectPublicKeyInfo) in hex; empty where that is not known.</param>
internal sealed record LedgerActor(string Caller, string Identity, string Key);
