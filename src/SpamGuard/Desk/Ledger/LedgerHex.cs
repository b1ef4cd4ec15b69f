using System.Buffers;
using System.Security.Cryptography;

namespace SpamGuard.Desk.Ledger;

/// <summary>Hex in a ledger is of lower case only: so a value has one spelling, and a flipped bit makes another value.</summary>
internal static class LedgerHex
{
    private static readonly SearchValues<byte> OfBytes = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<char> OfText = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether bytes are hex.</summary>
    public static bool Is(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(OfBytes);

    /// <summary>Whether a text is a SHA-256 in hex.</summary>
    public static bool IsHash(string text) => Read(text, SHA256.HashSizeInBytes) is not null;

    /// <summary>The bytes of a text; <c>null</c> where it is no hex, or of another size.</summary>
    public static byte[]? Read(string text, int size) =>
        text.Length == 2 * size && !text.AsSpan().ContainsAnyExcept(OfText) ? Convert.FromHexString(text) : null;
}
