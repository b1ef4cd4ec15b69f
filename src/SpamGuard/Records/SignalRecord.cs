using System.Buffers.Binary;
using System.Numerics;

namespace SpamGuard.Records;

/// <summary>What one subject is known by in one epoch: 33 bytes, the same for every kind of subject, all whole numbers.</summary>
/// <remarks>
/// Little-endian and unsigned. The update is written twice, here and in <c>record.lua</c>, and both give the same bytes: everything in it is
/// addition, comparison, floor and one division of whole numbers below 2^53.
/// <code>
/// offset  field                     bytes   meaning
/// 0       format                    1       1; a record of another format reads as absent and is never overwritten
/// 1       day                       2       days since 1970 of the last roll
/// 3, 7    fast, slow                4 + 4   leaky buckets, as the unix second at which they will be empty
/// 11, 13  spam, ham                 2 + 2   reported members
/// 15..19  older, yesterday, today   2 x 3   units
/// 21..29  met, blamed, praised      4 x 3   members met today; reported as spam, as legitimate, in this epoch: one bit each
/// </code>
/// </remarks>
internal struct SignalRecord
{
    /// <summary>Length of a packed record in bytes.</summary>
    public const int Size = 33;

    /// <summary>The only format there is.</summary>
    public const byte CurrentFormat = 1;

    /// <summary>Seconds in a day.</summary>
    public const long DaySeconds = 86_400;

    /// <summary>The mask that stands for nobody.</summary>
    public const uint Nobody = 0;

    private const uint Full = uint.MaxValue;
    private const int Ceiling = ushort.MaxValue;

    /// <summary>1 for a record that is there, 0 for none.</summary>
    public byte Format;

    /// <summary>Days since 1970 of the last roll.</summary>
    public ushort Day;

    /// <summary>The unix second at which the bucket for bursts by the minute will be empty.</summary>
    public uint Fast;

    /// <summary>The unix second at which the bucket for bursts by the hour will be empty.</summary>
    public uint Slow;

    /// <summary>Members reported as spam.</summary>
    public int Spam;

    /// <summary>Members reported as legitimate.</summary>
    public int Ham;

    /// <summary>Units of the days before yesterday.</summary>
    public int Older;

    /// <summary>Units of yesterday.</summary>
    public int Yesterday;

    /// <summary>Units of today.</summary>
    public int Today;

    /// <summary>Members met today, one bit each.</summary>
    public uint Met;

    /// <summary>Members reported as spam in this epoch, one bit each.</summary>
    public uint Blamed;

    /// <summary>Members reported as legitimate in this epoch, one bit each.</summary>
    public uint Praised;

    /// <summary>Whether there is such a record.</summary>
    public readonly bool Exists => Format == CurrentFormat;

    /// <summary>Reads a packed record; anything but 33 bytes of the current format reads as absent.</summary>
    public static SignalRecord Read(ReadOnlySpan<byte> packed)
    {
        if (packed.Length != Size || packed[0] != CurrentFormat)
        {
            return default;
        }

        return new SignalRecord
        {
            Format = CurrentFormat,
            Day = BinaryPrimitives.ReadUInt16LittleEndian(packed[1..]),
            Fast = BinaryPrimitives.ReadUInt32LittleEndian(packed[3..]),
            Slow = BinaryPrimitives.ReadUInt32LittleEndian(packed[7..]),
            Spam = BinaryPrimitives.ReadUInt16LittleEndian(packed[11..]),
            Ham = BinaryPrimitives.ReadUInt16LittleEndian(packed[13..]),
            Older = BinaryPrimitives.ReadUInt16LittleEndian(packed[15..]),
            Yesterday = BinaryPrimitives.ReadUInt16LittleEndian(packed[17..]),
            Today = BinaryPrimitives.ReadUInt16LittleEndian(packed[19..]),
            Met = BinaryPrimitives.ReadUInt32LittleEndian(packed[21..]),
            Blamed = BinaryPrimitives.ReadUInt32LittleEndian(packed[25..]),
            Praised = BinaryPrimitives.ReadUInt32LittleEndian(packed[29..]),
        };
    }

    /// <summary>Packs the record into 33 bytes; counters stop at 65,535.</summary>
    public readonly void Write(Span<byte> packed)
    {
        packed[0] = Format;
        BinaryPrimitives.WriteUInt16LittleEndian(packed[1..], Day);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[3..], Fast);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[7..], Slow);
        BinaryPrimitives.WriteUInt16LittleEndian(packed[11..], (ushort)Math.Min(Spam, Ceiling));
        BinaryPrimitives.WriteUInt16LittleEndian(packed[13..], (ushort)Math.Min(Ham, Ceiling));
        BinaryPrimitives.WriteUInt16LittleEndian(packed[15..], (ushort)Math.Min(Older, Ceiling));
        BinaryPrimitives.WriteUInt16LittleEndian(packed[17..], (ushort)Math.Min(Yesterday, Ceiling));
        BinaryPrimitives.WriteUInt16LittleEndian(packed[19..], (ushort)Math.Min(Today, Ceiling));
        BinaryPrimitives.WriteUInt32LittleEndian(packed[21..], Met);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[25..], Blamed);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[29..], Praised);
    }

    /// <summary>Moves the day counters on to the day of <paramref name="now"/>; a clock that steps back changes nothing.</summary>
    /// <param name="now">Unix seconds of the store's clock.</param>
    public void Roll(long now)
    {
        var today = now / DaySeconds;
        var gap = today - Day;
        if (gap <= 0)
        {
            return;
        }

        Older += gap == 1 ? Yesterday : Yesterday + Today;
        Yesterday = gap == 1 ? Today : 0;
        Today = 0;
        Met = 0;
        Day = (ushort)today;
    }

    /// <summary>Counts an event: one unit per member and day. Returns the units; with 0 units nothing has changed and nothing need be written.</summary>
    /// <param name="now">Unix seconds of the store's clock.</param>
    /// <param name="member">The bit of the event's member, or <see cref="Nobody"/>.</param>
    /// <param name="fastCharge">Seconds that a unit adds to the fast bucket.</param>
    /// <param name="slowCharge">Seconds that a unit adds to the slow bucket; negative where messages pay for sign-ups.</param>
    public int CountEvent(long now, uint member, int fastCharge, int slowCharge)
    {
        var rolled = this;
        rolled.Roll(now);
        var units = Mark(ref rolled.Met, member);
        if (units == 0)
        {
            return 0;
        }

        rolled.Today += units;
        rolled.Fast = Charge(rolled.Fast, now, (long)fastCharge * units);
        rolled.Slow = Charge(rolled.Slow, now, (long)slowCharge * units);
        Become(rolled);
        return units;
    }

    /// <summary>Counts a report: one unit per member, epoch and kind. Returns the units, as <see cref="CountEvent"/> does.</summary>
    /// <param name="now">Unix seconds of the store's clock.</param>
    /// <param name="member">The bit of the reported member, or <see cref="Nobody"/>.</param>
    /// <param name="spam">Whether it was reported as spam; else as legitimate.</param>
    public int CountReport(long now, uint member, bool spam)
    {
        var rolled = this;
        rolled.Roll(now);
        var units = spam ? Mark(ref rolled.Blamed, member) : Mark(ref rolled.Praised, member);
        if (units == 0)
        {
            return 0;
        }

        rolled.Spam += spam ? units : 0;
        rolled.Ham += spam ? 0 : units;
        Become(rolled);
        return units;
    }

    // A known member stands for 0 units; a new one for more as the bitmap fills, because others hid behind bits set before:
    // round(32 / zeros), halves up, with zeros counted before the bit is set.
    private static int Mark(ref uint bitmap, uint member)
    {
        if (member == Nobody || bitmap == Full)
        {
            return 1;
        }

        if ((bitmap & member) != 0)
        {
            return 0;
        }

        var zeros = 32 - BitOperations.PopCount(bitmap);
        bitmap |= member;
        return (64 + zeros) / (2 * zeros);
    }

    private static uint Charge(uint bucket, long now, long charge) =>
        charge == 0 ? bucket : (uint)Math.Min(Full, Math.Max(now, Math.Max(now, bucket) + charge));

    private void Become(SignalRecord updated)
    {
        this = updated;
        Format = CurrentFormat;
        Spam = Math.Min(Spam, Ceiling);
        Ham = Math.Min(Ham, Ceiling);
        Older = Math.Min(Older, Ceiling);
        Yesterday = Math.Min(Yesterday, Ceiling);
        Today = Math.Min(Today, Ceiling);
    }
}
