using SpamGuard.Addresses;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Overrides;

/// <summary>Whom an operator speaks of, once it is hashed.</summary>
/// <param name="Key">The subject, by its token in the epoch that is spoken of.</param>
/// <param name="Others">Its tokens in other epochs, as far as they are known: what is said of these is said of it.</param>
/// <param name="Latest">Unix second until which may be spoken at most: then what is known under tokens of its epoch begins to go. The same for all, so that it tells of none.</param>
/// <param name="SignificantBits">How much of an address makes it, in bits.</param>
/// <param name="Naming">How it was named.</param>
internal sealed record OverrideSubject(SubjectKey Key, IReadOnlyList<SubjectKey> Others, long Latest, int SignificantBits, OverrideNaming Naming)
{
    /// <summary>Whether something is said of it.</summary>
    public bool IsOf(OperatorOverride said) => said.Subject == Key || Others.Contains(said.Subject);
}
