using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SpamGuard.Cli.Outcomes;

/// <summary>The request ids of a file's rows. They follow from what the file holds, so that running it again counts nothing twice.</summary>
internal sealed class OutcomeIds
{
    private readonly byte[] _file;

    private OutcomeIds(byte[] file) => _file = file;

    /// <summary>Reads a file to its end.</summary>
    public static async Task<OutcomeIds> OfAsync(Stream file, CancellationToken cancellationToken) => new(await SHA256.HashDataAsync(file, cancellationToken));

    /// <summary>The UUID of a line: version 8 of RFC 9562, from SHA-256 over the file's SHA-256 and the line's number.</summary>
    public Guid Of(long line)
    {
        Span<byte> seed = stackalloc byte[SHA256.HashSizeInBytes + sizeof(long)];
        _file.CopyTo(seed);
        BinaryPrimitives.WriteInt64LittleEndian(seed[SHA256.HashSizeInBytes..], line);
        var id = SHA256.HashData(seed).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0f) | 0x80);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
