using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using SpamGuard.Retention;

namespace SpamGuard.Addresses;

/// <summary>A client's address between its arrival and its hash. It can be hashed, asked for its scope and for sets that it is in, and nothing else.</summary>
/// <remarks>
/// No member gives the address back: not <see cref="ToString"/>, not JSON, not the debugger. Forms of IPv6 that carry an IPv4 address
/// (<see cref="EmbeddedV4"/>) are that address.
/// </remarks>
[DebuggerDisplay("address withheld")]
[JsonConverter(typeof(WithheldAddressConverter))]
internal readonly struct ClientAddress : IEquatable<ClientAddress>
{
    /// <summary>What every textual form of an address says.</summary>
    public const string Withheld = "[address withheld]";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ulong _high;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ulong _low;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte _version;

    private ClientAddress(byte version, ulong high, ulong low)
    {
        _version = version;
        _high = high;
        _low = low;
    }

    /// <summary>What kind of address this is.</summary>
    public AddressScope Scope => AddressScopes.Of(_version, _high, _low);

    /// <summary>The /8 (IPv4) or /24 (IPv6): millions of addresses, so not hashed.</summary>
    public WidePrefix Wide => new(_version, (uint)(_version == 4 ? _high >> 56 : _high >> 40));

    /// <summary>How many of its bits make a subject: 32 of IPv4, 64 of IPv6, where neighbours in one /64 are one subject.</summary>
    public int SignificantBits => _version == 4 ? 32 : 64;

    /// <summary>The last byte: chooses the verdict of a documentation address where a policy makes them test addresses.</summary>
    public byte LastByte => (byte)(_version == 4 ? _high >> 32 : _low);

    /// <summary>Reads dotted IPv4 or IPv6 text. Leading zeros, zone ids, ports and brackets are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientAddress address)
    {
        address = default;
        if (text.Length is 0 or > 45 || text.IndexOfAny('%', '[', ']') >= 0)
        {
            return false;
        }

        var lastColon = text.LastIndexOf(':');
        if (lastColon < 0)
        {
            // Not by the runtime: "1" and "0x7f000001" are IPv4 addresses to it, and to nobody else.
            var isDotted = TryParseDotted(text, out var dotted);
            address = isDotted ? V4(dotted) : default;
            return isDotted;
        }

        if (text.Contains('.') && !TryParseDotted(text[(lastColon + 1)..], out _))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        return parsed.TryWriteBytes(bytes, out var written) && TryFromBytes(bytes[..written], out address);
    }

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out ClientAddress address)
    {
        address = default;
        switch (bytes.Length)
        {
            case 4:
                address = V4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
                return true;
            case 16:
                address = Canonical(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the address of a connection.</summary>
    public static ClientAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var written) || !TryFromBytes(bytes[..written], out var canonical))
        {
            throw new ArgumentException($"An address family other than {AddressFamily.InterNetwork} or {AddressFamily.InterNetworkV6}.", nameof(address));
        }

        return canonical;
    }

    /// <summary>Whether it is in a set of networks.</summary>
    public bool IsIn(PrefixSet set) => set.Contains(_version, _high, _low);

    /// <summary>Writes the canonical prefix of a level, to be hashed at once: family, prefix length, prefix bytes. Returns its length.</summary>
    /// <param name="level"><see cref="SubjectKind.Address"/>, <see cref="SubjectKind.Network"/> or <see cref="SubjectKind.Region"/>.</param>
    /// <param name="destination">At least 10 bytes.</param>
    public int WritePrefix(SubjectKind level, Span<byte> destination)
    {
        var length = (level, _version) switch
        {
            (SubjectKind.Address, 4) => 4,
            (SubjectKind.Network, 4) => 3,
            (SubjectKind.Region, 4) => 2,
            (SubjectKind.Address, 6) => 8,
            (SubjectKind.Network, 6) => 6,
            (SubjectKind.Region, 6) => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Only an address, a network or a region is a prefix of an address."),
        };
        Span<byte> high = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(high, _high);
        destination[0] = _version;
        destination[1] = (byte)length;
        high[..length].CopyTo(destination[2..]);
        return length + 2;
    }

    /// <summary>Always <see cref="Withheld"/>.</summary>
    public override string ToString() => Withheld;

    /// <inheritdoc/>
    public bool Equals(ClientAddress other) => _version == other._version && _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClientAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_version, _high, _low);

    private static ClientAddress V4(uint address) => new(4, (ulong)address << 32, 0);

    private static ClientAddress Canonical(ulong high, ulong low) =>
        EmbeddedV4.TryFind(high, low, out var v4, out _) ? V4(v4) : new ClientAddress(6, high, low);

    private static bool TryParseDotted(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            var value = 0u;
            foreach (var digit in part)
            {
                value = (10 * value) + (uint)(digit - '0');
            }

            if (value > byte.MaxValue)
            {
                return false;
            }

            address = (address << 8) | value;
            parts++;
        }

        return parts == 4;
    }
}
