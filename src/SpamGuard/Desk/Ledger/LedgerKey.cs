using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace SpamGuard.Desk.Ledger;

/// <summary>The Ed25519 key that signs entries.</summary>
internal sealed class LedgerKey : IDisposable
{
    /// <summary>What a key file must be, to stand behind "allowed is ".</summary>
    public const string Allowed = "a file with an Ed25519 private key in PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it";

    private const int MaxBytes = 4096;
    private const int PublicSize = 32;
    private const int SignatureSize = 64;
    private static readonly SignatureAlgorithm Ed25519 = SignatureAlgorithm.Ed25519;

    private readonly Key _key;

    private LedgerKey(Key key)
    {
        _key = key;
        PublicKey = Hex(key.PublicKey);
    }

    /// <summary>The public half, 32 bytes in hex.</summary>
    public string PublicKey { get; }

    /// <summary>Makes one that ends with the process.</summary>
    public static LedgerKey ForThisRun() => new(Key.Create(Ed25519));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">Why it is none, to stand behind "found"; empty where it is one.</param>
    public static LedgerKey? Read(string path, out string fault)
    {
        byte[]? text = null;
        try
        {
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
            {
                text = FileContent.Read(file, MaxBytes);
            }

            fault = "no such key";
            if (text is not null && Key.TryImport(Ed25519, text.AsSpan().TrimEnd("\r\n "u8), KeyBlobFormat.PkixPrivateKeyText, out var key) && key is not null)
            {
                fault = string.Empty;
                return new LedgerKey(key);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = e is FileNotFoundException or DirectoryNotFoundException ? "no file" : $"a file that can't be read ({e.GetType().Name})";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        return null;
    }

    /// <summary>The public key of a PEM file, as <c>openssl pkey -pubout</c> writes it, in hex; <c>null</c> where there is none.</summary>
    public static string? PublicOf(ReadOnlySpan<byte> pem) =>
        NSec.Cryptography.PublicKey.TryImport(Ed25519, pem.TrimEnd("\r\n "u8), KeyBlobFormat.PkixPublicKeyText, out var key) && key is not null ? Hex(key) : null;

    /// <summary>Whether a text can be a public key: 32 bytes in hex, of a point that signatures can be checked by.</summary>
    public static bool IsPublic(string hex) =>
        LedgerHex.Read(hex, PublicSize) is { } bytes && NSec.Cryptography.PublicKey.TryImport(Ed25519, bytes, KeyBlobFormat.RawPublicKey, out _);

    /// <summary>Whether a signature of a text is that of a public key; not, where either is no hex in lower case.</summary>
    public static bool Verifies(string publicKey, string text, string signature) =>
        LedgerHex.Read(publicKey, PublicSize) is { } key && LedgerHex.Read(signature, SignatureSize) is { } signed
        && NSec.Cryptography.PublicKey.TryImport(Ed25519, key, KeyBlobFormat.RawPublicKey, out var imported) && imported is not null
        && Ed25519.Verify(imported, Encoding.UTF8.GetBytes(text), signed);

    /// <summary>Signs a text: 64 bytes in hex.</summary>
    public string Sign(string text) => Convert.ToHexStringLower(Ed25519.Sign(_key, Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Hex(PublicKey key) => Convert.ToHexStringLower(key.Export(KeyBlobFormat.RawPublicKey));
}
