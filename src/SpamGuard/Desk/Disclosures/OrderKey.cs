using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Retention;

namespace SpamGuard.Desk.Disclosures;

/// <summary>The key of one order: 256 random bits that whoever opened it has, and the desk has not. By it, and not without, commitments can be compared with what they are of.</summary>
internal sealed class OrderKey : IDisposable
{
    private const int Size = 32;
    private const string Domain = "spamguard-disclosure:v1:";

    private readonly byte[] _key;

    private OrderKey(byte[] key) => _key = key;

    /// <summary>The key in base64url, 43 characters.</summary>
    public string Text => Base64Url.EncodeToString(_key);

    /// <summary>Draws one.</summary>
    public static OrderKey New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads one; <c>null</c> where the text is none.</summary>
    public static OrderKey? Read(string text)
    {
        var key = new byte[Size];
        return text.Length == Base64Url.GetEncodedLength(Size) && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, key, out var written) && written == Size ? new OrderKey(key) : null;
    }

    /// <summary>By which a key is known to be the right one.</summary>
    public string CommitToKey() => Commit("key", []);

    /// <summary>Commits to a text.</summary>
    /// <param name="use">What it is: commitments to the same text for two uses have nothing in common.</param>
    /// <param name="text">The text, byte for byte.</param>
    public string Commit(string use, string text) => Commit(use, Encoding.UTF8.GetBytes(text));

    /// <summary>Commits to a subject: an IPv4 address, or the /64 of an IPv6 address.</summary>
    public string Commit(ClientAddress address)
    {
        Span<byte> prefix = stackalloc byte[10];
        return Commit("address", prefix[..address.WritePrefix(SubjectKind.Address, prefix)]);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    // No use is the beginning of another with what follows it: a zero byte ends each, and none holds one.
    private string Commit(string use, ReadOnlySpan<byte> data)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes(Domain + use), 0, .. data];
        var hash = HMACSHA256.HashData(_key, message);
        CryptographicOperations.ZeroMemory(message);
        return Base64Url.EncodeToString(hash);
    }
}
