using System.Buffers.Binary;
using SpamGuard.Addresses;

namespace SpamGuard.Storage;

/// <summary>Who reported one subject, and which labels: the value of its report key. The same bytes as <c>report.lua</c> keeps.</summary>
/// <remarks>
/// Little-endian: deadline (4, unix s), then the newest last 13 bytes each: id (12) ‖ labels (1: 1 for spam, 2 for legitimate, or both).
/// A list is gone when the first of its entries must be, so that no entry outlives its own deadline. It holds <see cref="MaxEntries"/>: then
/// the oldest <see cref="RoomEntries"/> make room, and what they stood for could be reported once more.
/// </remarks>
internal readonly struct ReportList
{
    /// <summary>How many persons, decisions or requests a list holds: 13 KiB, which the store writes again at every report.</summary>
    public const int MaxEntries = 1024;

    /// <summary>How many are forgotten at once: to append to a long list costs the store half of what it costs to cut it.</summary>
    public const int RoomEntries = 64;

    private const int HeadSize = 4;
    private const int EntrySize = SubjectToken.Size + 1;
    private const byte SpamLabel = 1;
    private const byte LegitimateLabel = 2;

    private readonly byte[]? _packed;

    private ReportList(byte[] packed) => _packed = packed;

    /// <summary>Unix second at which it is gone; 0 for no list.</summary>
    public long Deadline => _packed is null ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(_packed);

    /// <summary>How many persons, decisions or requests it remembers.</summary>
    public int Count => Entries.Length / EntrySize;

    private ReadOnlySpan<byte> Entries => _packed is null ? default : _packed.AsSpan(HeadSize);

    /// <summary>Reads a value of the store; what is no list reads as none.</summary>
    public static ReportList Read(byte[]? packed) =>
        packed?.Length >= HeadSize && (packed.Length - HeadSize) % EntrySize == 0 ? new ReportList(packed) : default;

    /// <summary>Whether somebody reported a label before.</summary>
    public bool Holds(SubjectToken id, bool spam)
    {
        var place = Find(id);
        return place >= 0 && (Entries[place + SubjectToken.Size] & Label(spam)) != 0;
    }

    /// <summary>The list with one more label.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="spam">Whether it is spam.</param>
    /// <param name="deadline">Unix second at which this must be forgotten: it may shorten the list's life and never lengthens it.</param>
    public ReportList With(SubjectToken id, bool spam, long deadline)
    {
        var entries = Entries;
        var place = Find(id);
        if (place < 0 && Count >= MaxEntries)
        {
            entries = entries[(RoomEntries * EntrySize)..];
        }

        var packed = new byte[HeadSize + entries.Length + (place < 0 ? EntrySize : 0)];
        BinaryPrimitives.WriteUInt32LittleEndian(packed, (uint)(_packed is null ? deadline : Math.Min(deadline, Deadline)));
        entries.CopyTo(packed.AsSpan(HeadSize));
        var entry = place < 0 ? packed.AsSpan(^EntrySize..) : packed.AsSpan(HeadSize + place, EntrySize);
        id.Write(entry);
        entry[SubjectToken.Size] |= Label(spam);
        return new ReportList(packed);
    }

    private static byte Label(bool spam) => spam ? SpamLabel : LegitimateLabel;

    // Where the entry of an id begins, or -1. The bytes of an id may stand across two entries too: only a place between them counts.
    private int Find(SubjectToken id)
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size];
        id.Write(bytes);
        var entries = Entries;
        for (var from = 0; from < entries.Length;)
        {
            var at = entries[from..].IndexOf(bytes);
            if (at < 0)
            {
                return -1;
            }

            if ((from + at) % EntrySize == 0)
            {
                return from + at;
            }

            from += at + 1;
        }

        return -1;
    }
}
