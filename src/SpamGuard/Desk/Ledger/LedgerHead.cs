using System.Globalization;

namespace SpamGuard.Desk.Ledger;

/// <summary>The last entry of a ledger, signed: whoever keeps one can prove later that nothing up to it was changed.</summary>
/// <param name="Ledger">Which ledger: the hash of its first entry, in hex.</param>
/// <param name="Seq">The number of the entry.</param>
/// <param name="Time">When it was entered, as it stands in the entry.</param>
/// <param name="Hash">Its hash in hex, which covers every entry before it.</param>
/// <param name="PublicKey">The Ed25519 key that it is signed with, 32 bytes in hex.</param>
/// <param name="Signature">Ed25519 over <see cref="SignedText"/>, 64 bytes in hex.</param>
internal sealed record LedgerHead(string Ledger, long Seq, string Time, string Hash, string PublicKey, string Signature)
{
    /// <summary>What is signed: <c>spamguard-ledger-head:v1:LEDGER:SEQ:TIME:HASH</c>.</summary>
    public string SignedText => TextOf(Ledger, Seq, Time, Hash);

    /// <summary>Whether the signature is that of the key it names.</summary>
    public bool IsSigned() => LedgerKey.Verifies(PublicKey, TextOf(Ledger, Seq, Time, Hash), Signature);

    /// <summary>The text that is signed for an entry.</summary>
    public static string TextOf(string ledger, long seq, string time, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"spamguard-ledger-head:v1:{ledger}:{seq}:{time}:{hash}");
}
