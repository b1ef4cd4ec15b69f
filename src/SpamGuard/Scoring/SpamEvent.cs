using SpamGuard.Addresses;
using SpamGuard.Policies;

namespace SpamGuard.Scoring;

/// <summary>One sign-up or one message, about to be accepted by a caller.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="Account">Digest of the account, at most <see cref="MaxDigestBytes"/> bytes; empty for none. Hashed again, never stored.</param>
/// <param name="Content">Digest of the content, likewise; a sign-up's is ignored.</param>
internal sealed record SpamEvent(EventKind Kind, ClientAddress Address, ReadOnlyMemory<byte> Account, ReadOnlyMemory<byte> Content)
{
    /// <summary>The longest digest that is taken, in bytes.</summary>
    public const int MaxDigestBytes = 256;
}
