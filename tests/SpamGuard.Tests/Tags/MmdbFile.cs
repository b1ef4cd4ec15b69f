using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SpamGuard.Tests.Tags;

/// <summary>Writes a MaxMind DB of a few networks that do not overlap: format 2.0, records of 32 bits.</summary>
internal sealed class MmdbFile(string type, int version)
{
    private const long Nothing = -1;
    private readonly List<long[]> _nodes = [Node()];
    private readonly List<byte> _data = [];

    /// <summary>Adds a network with what it holds: a string, a bool, a number without a sign, an array of strings or a map.</summary>
    public MmdbFile Add(string network, object record)
    {
        var raw = new MemoryStream();
        Encode(raw, record);
        return AddRaw(network, raw.ToArray());
    }

    /// <summary>Adds a network with bytes as they are.</summary>
    public MmdbFile AddRaw(string network, byte[] record)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        var length = parsed.PrefixLength;
        if (version == 6 && bytes.Length == 4)
        {
            bytes = [.. new byte[12], .. bytes]; // IPv4 is ::/96 of a tree
            length += 96;
        }

        var at = _nodes[0];
        for (var bit = 0; bit < length - 1; bit++)
        {
            ref var next = ref at[Bit(bytes, bit)];
            if (next == Nothing)
            {
                next = _nodes.Count;
                _nodes.Add(Node());
            }

            at = _nodes[(int)next];
        }

        at[Bit(bytes, length - 1)] = long.MinValue + _data.Count;
        _data.AddRange(record);
        return this;
    }

    public byte[] ToArray()
    {
        var file = new MemoryStream();
        foreach (var child in _nodes.SelectMany(node => node))
        {
            Write(file, (uint)(child == Nothing ? _nodes.Count : child >= 0 ? child : _nodes.Count + 16 + (child - long.MinValue)));
        }

        file.Write(new byte[16]);
        file.Write([.. _data]);
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        Encode(file, new Dictionary<string, object>
        {
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)32,
            ["ip_version"] = (ushort)version,
            ["database_type"] = type,
            ["languages"] = Array.Empty<string>(),
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1ul,
            ["description"] = new Dictionary<string, object>(),
        });
        return file.ToArray();
    }

    private static long[] Node() => [Nothing, Nothing];

    private static int Bit(byte[] bytes, int bit) => (bytes[bit / 8] >> (7 - (bit % 8))) & 1;

    private static void Encode(MemoryStream to, object value)
    {
        switch (value)
        {
            case string text:
                Head(to, 2, Encoding.UTF8.GetByteCount(text));
                to.Write(Encoding.UTF8.GetBytes(text));
                break;
            case uint number:
                Head(to, 6, 4);
                Write(to, number);
                break;
            case ushort number:
                Head(to, 5, 2);
                to.Write([(byte)(number >> 8), (byte)number]);
                break;
            case ulong number:
                Head(to, 9, 4); // leading zeros may be left out
                Write(to, (uint)number);
                break;
            case bool flag:
                Head(to, 14, flag ? 1 : 0);
                break;
            case Dictionary<string, object> map:
                Head(to, 7, map.Count);
                foreach (var (key, item) in map)
                {
                    Encode(to, key);
                    Encode(to, item);
                }

                break;
            case string[] items:
                Head(to, 11, items.Length);
                Array.ForEach(items, item => Encode(to, item));
                break;
            default:
                throw new ArgumentException("No such type.", nameof(value));
        }
    }

    private static void Head(MemoryStream to, int kind, int size)
    {
        var rest = Math.Min(size, 29);
        to.WriteByte((byte)((kind <= 7 ? kind << 5 : 0) | rest));
        if (kind > 7)
        {
            to.WriteByte((byte)(kind - 7));
        }

        if (size >= 29)
        {
            to.WriteByte((byte)(size - 29));
        }
    }

    private static void Write(MemoryStream to, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        to.Write(bytes);
    }
}
