using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SpamGuard.Epochs;

/// <summary>The peppers that this process knows, newest first: 256-bit secrets that are never in the store.</summary>
internal sealed class PepperRing
{
    /// <summary>Length of a pepper in bytes.</summary>
    public const int PepperSize = 32;

    private readonly (ulong Id, byte[] Pepper)[] _peppers;

    /// <summary>Takes over peppers of <see cref="PepperSize"/> bytes each, the newest first.</summary>
    public PepperRing(params IReadOnlyList<byte[]> peppers)
    {
        if (peppers.Count == 0 || peppers.Any(pepper => pepper.Length != PepperSize))
        {
            throw new ArgumentException($"A ring holds at least one pepper of {PepperSize} bytes.", nameof(peppers));
        }

        _peppers = [.. peppers.Select(pepper => (Name(pepper), pepper))];
    }

    /// <summary>The id of the pepper that new epochs use.</summary>
    public ulong NewestId => _peppers[0].Id;

    /// <summary>A pepper for this run only: what it hashed can't be recognised after a restart.</summary>
    public static PepperRing ForThisRun() => new(RandomNumberGenerator.GetBytes(PepperSize));

    /// <summary>
    /// Reads a mounted file: 32 bytes as they are, or text with a pepper a line, the newest first, each 64 hex digits or base64. New epochs use
    /// the first; the others stay until no live epoch names them, 30 days at the longest.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ring">The ring.</param>
    /// <param name="fault">What is wrong with the file; never its content.</param>
    public static bool TryRead(string path, out PepperRing? ring, out string fault)
    {
        ring = null;
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = $"a file that can't be read ({e.GetType().Name})";
            return false;
        }

        var peppers = content.Length == PepperSize ? [content] : FromText(Encoding.ASCII.GetString(content));
        fault = peppers is null ? $"a file of {content.Length} bytes" : "";
        ring = peppers is null ? null : new PepperRing(peppers);
        return ring is not null;
    }

    /// <summary>The pepper of an id, or <c>null</c> where this process does not have it.</summary>
    public byte[]? Find(ulong id)
    {
        foreach (var (known, pepper) in _peppers)
        {
            if (known == id)
            {
                return pepper;
            }
        }

        return null;
    }

    // A one-way name, so that the record of an epoch can say which pepper it needs and tell nothing about it.
    private static ulong Name(byte[] pepper) => BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(pepper, "pepper-id v1"u8));

    private static List<byte[]>? FromText(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var peppers = lines.Select(FromLine).OfType<byte[]>().ToList();
        return peppers.Count == lines.Length && lines.Length > 0 ? peppers : null;
    }

    private static byte[]? FromLine(string text)
    {
        if (text.Length == 2 * PepperSize && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        var bytes = new byte[PepperSize];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == PepperSize ? bytes : null;
    }
}
