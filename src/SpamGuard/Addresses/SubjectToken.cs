using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;

namespace SpamGuard.Addresses;

/// <summary>The keyed hash of one subject in one epoch, 96 bits: the only form in which an address exists after its arrival.</summary>
[DebuggerDisplay("token withheld")]
internal readonly record struct SubjectToken
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 12;

    /// <summary>Length in base64url characters.</summary>
    public const int TextSize = 16;

    // Three times 32 bits and not 64 + 32: those would be padded to 16 bytes, in every record of every event.
    private readonly uint _first;
    private readonly uint _middle;
    private readonly uint _last;

    /// <summary>Takes the first 12 bytes.</summary>
    public SubjectToken(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        _last = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
    }

    /// <summary>The first 16 bits: decide how much earlier than its epoch's end a record expires.</summary>
    public ushort Prefix => (ushort)(_first >> 16);

    /// <summary>Whether this is no token at all.</summary>
    public bool IsNone => (_first | _middle | _last) == 0;

    /// <summary>A part of it: it is a hash already.</summary>
    public override int GetHashCode() => (int)_middle;

    /// <summary>Writes the 12 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], _last);
    }

    /// <summary>Writes the 16 base64url characters as ASCII, for a key.</summary>
    public void WriteText(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        Base64Url.EncodeToUtf8(bytes, destination);
    }

    /// <summary>Withheld: a token is pseudonymous personal data and has no business in a log.</summary>
    public override string ToString() => "[token withheld]";
}
