using System.Buffers.Binary;
using SpamGuard.Addresses;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>One script call being put together: what lies in one slot of a cluster, or everything where there is none.</summary>
/// <param name="slot">The slot.</param>
/// <param name="capacity">How many items may come; more are possible.</param>
/// <param name="batch">Whether several events come, so that a subject may come again and again.</param>
internal sealed class SlotGroup(int slot, int capacity, bool batch)
{
    private const int CountSize = 2;
    private const int ItemSize = 21;
    private const int EventHeaderSize = 3;
    private const int ReportHeaderSize = 9 + SubjectToken.Size;

    private readonly Dictionary<SubjectKey, int>? _subjects = batch ? [] : null;
    private readonly Dictionary<(SubjectToken, SubjectToken), int>? _guards = batch ? [] : null;

    private byte[][] _keys = new byte[(2 * capacity) + 1][];
    private RedisKey[] _exactKeys = [];
    private byte[] _packed = new byte[CountSize + ReportHeaderSize + (ItemSize * capacity)];
    private RedisValue[] _arguments = new RedisValue[1];
    private Place[] _places = new Place[capacity];
    private int _keyCount;
    private int _length = CountSize;
    private int _argumentCount = 1;
    private int _placeCount;
    private int _events;

    /// <summary>The slot.</summary>
    public int Slot => slot;

    /// <summary>Where each item of this group belongs, in the order of the call.</summary>
    public ReadOnlySpan<Place> Places => _places.AsSpan(0, _placeCount);

    /// <summary>
    /// Empties it, so that its arrays serve again. Only after the driver has answered: until then it may still read them.
    /// </summary>
    public void Clear()
    {
        _keyCount = 0;
        _length = CountSize;
        _argumentCount = 1;
        _placeCount = 0;
        _events = 0;
        _subjects?.Clear();
        _guards?.Clear();
    }

    /// <summary>Begins an event of which <paramref name="items"/> items follow.</summary>
    /// <param name="items">How many of its items lie in this slot.</param>
    /// <param name="replay">Its guard, where that lies in this slot.</param>
    public void BeginEvent(int items, ReplayGuard? replay)
    {
        var header = Reserve(EventHeaderSize);
        header[0] = checked((byte)items);
        BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)(replay is null ? 0 : Guard(replay.Address, replay.Request, Keys.Replay(replay))));
        _events++;
        if (replay is not null)
        {
            var argument = new byte[sizeof(ulong) + replay.Context.Length];
            BinaryPrimitives.WriteUInt64LittleEndian(argument, replay.Fingerprint);
            replay.Context.Span.CopyTo(argument.AsSpan(sizeof(ulong)));
            Append(ref _arguments, ref _argumentCount, argument);
        }
    }

    /// <summary>Begins a report of which <paramref name="items"/> items follow.</summary>
    /// <param name="items">How many of its items lie in this slot.</param>
    /// <param name="spam">Whether it was spam.</param>
    /// <param name="decides">Whether nothing is counted where the record of its first item, which lies in this slot, is not there.</param>
    /// <param name="once">Its guard, where that lies in this slot: all of one subject lie in one key.</param>
    public void BeginReport(int items, bool spam, bool decides, ReportGuard? once)
    {
        var header = Reserve(ReportHeaderSize);
        header[0] = checked((byte)items);
        header[1] = (byte)(spam ? 1 : 2);
        header[2] = (byte)(decides ? 1 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)(once is null ? 0 : Guard(once.Address, default, Keys.Reports(once.Address))));
        BinaryPrimitives.WriteUInt32LittleEndian(header[5..], Packed(once?.Deadline ?? 0));
        (once?.Id ?? default).Write(header[9..]);
        _events++;
    }

    /// <summary>Adds an item to the event or report begun last.</summary>
    /// <param name="item">The item.</param>
    /// <param name="mayCreate">Whether its record may be made.</param>
    /// <param name="readsPrevious">Whether its previous record is there to be read and lies in this slot.</param>
    /// <param name="place">Where its records belong.</param>
    public void Add(in SubjectItem item, bool mayCreate, bool readsPrevious, Place place)
    {
        var packed = Reserve(ItemSize);
        BinaryPrimitives.WriteUInt16LittleEndian(packed, (ushort)Subject(item.Current));
        BinaryPrimitives.WriteUInt16LittleEndian(packed[2..], (ushort)(readsPrevious ? Subject(item.Previous) : 0));
        packed[4] = (byte)(mayCreate ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[5..], Packed(item.Deadline));
        BinaryPrimitives.WriteUInt32LittleEndian(packed[9..], item.Member);
        BinaryPrimitives.WriteInt32LittleEndian(packed[13..], item.FastCharge);
        BinaryPrimitives.WriteInt32LittleEndian(packed[17..], item.SlowCharge);
        Append(ref _places, ref _placeCount, place);
    }

    /// <summary>The finished KEYS and ARGV.</summary>
    public (RedisKey[] Keys, RedisValue[] Arguments) Finish()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_packed, checked((ushort)_events));
        Array.Resize(ref _arguments, _argumentCount);
        _arguments[0] = _packed.AsMemory(0, _length);
        if (_exactKeys.Length != _keyCount)
        {
            _exactKeys = new RedisKey[_keyCount];
        }

        for (var i = 0; i < _keyCount; i++)
        {
            _exactKeys[i] = _keys[i];
        }

        return (_exactKeys, _arguments);
    }

    // A deadline that does not fit is past or beyond every cap: as 0 or the last second there is, the script refuses it.
    private static uint Packed(long deadline) => (uint)Math.Clamp(deadline, 0, uint.MaxValue);

    private int Subject(SubjectKey subject)
    {
        if (_subjects is not null && _subjects.TryGetValue(subject, out var index))
        {
            return index;
        }

        // Where an earlier call left an array of the right length, it serves again.
        var key = _keyCount < _keys.Length && _keys[_keyCount] is { Length: Keys.SubjectLength } old ? old : new byte[Keys.SubjectLength];
        Keys.WriteSubject(subject, key);
        if (_subjects is null)
        {
            // So few keys that looking through them costs less than a dictionary.
            for (var i = 0; i < _keyCount; i++)
            {
                if (_keys[i].AsSpan().SequenceEqual(key))
                {
                    return i + 1;
                }
            }
        }

        index = Append(ref _keys, ref _keyCount, key);
        _subjects?.Add(subject, index);
        return index;
    }

    private int Guard(SubjectToken address, SubjectToken suffix, byte[] key)
    {
        if (_guards is null)
        {
            return Append(ref _keys, ref _keyCount, key);
        }

        if (!_guards.TryGetValue((address, suffix), out var index))
        {
            index = Append(ref _keys, ref _keyCount, key);
            _guards.Add((address, suffix), index);
        }

        return index;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_length + bytes > _packed.Length)
        {
            Array.Resize(ref _packed, 2 * (_length + bytes));
        }

        _length += bytes;
        return _packed.AsSpan(_length - bytes, bytes);
    }

    // Returns how many there are now, which is the index that Lua counts from 1.
    private static int Append<T>(ref T[] array, ref int count, T item)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, 2 * count);
        }

        array[count] = item;
        return ++count;
    }

    /// <summary>Which item of which event, and how many items that has in all slots together.</summary>
    internal readonly record struct Place(int Event, int Item, int Of);
}
