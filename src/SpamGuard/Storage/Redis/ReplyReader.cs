using System.Buffers.Binary;
using SpamGuard.Records;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Puts the replies of <c>observe.lua</c> and <c>report.lua</c>, one a slot, together again.</summary>
/// <param name="events">How many events or reports were sent.</param>
internal sealed class ReplyReader(int events)
{
    private const int TimeSize = 4;
    private const int LengthSize = 2;
    private const int PairSize = 2 * SignalRecord.Size;

    private readonly EventReply?[] _replies = new EventReply?[events];

    /// <summary>Whether an event was counted.</summary>
    public bool IsCounted(int index) => _replies[index] is { Status: ReplyStatus.Counted };

    /// <summary>Whether a report was a second one of its label.</summary>
    public bool IsDuplicate(int index) => _replies[index] is { Status: ReplyStatus.Duplicate };

    /// <summary>Takes a slot's reply.</summary>
    /// <param name="result">What the script answered.</param>
    /// <param name="places">Where the items of that call belong.</param>
    /// <exception cref="StoreException">It is not of the expected form.</exception>
    public void Add(RedisResult result, ReadOnlySpan<SlotGroup.Place> places)
    {
        if (result.Resp2Type != ResultType.Array || result.Length % 2 != 0)
        {
            throw Malformed();
        }

        for (var i = 0; i < result.Length; i += 2)
        {
            var index = places.IsEmpty ? throw Malformed() : places[0].Event;
            var items = 1;
            while (items < places.Length && places[items].Event == index)
            {
                items++;
            }

            Add(index, (int)result[i], (byte[]?)result[i + 1], places[..items]);
            places = places[items..];
        }
    }

    /// <summary>Enters a previous record that lay in another slot than its item.</summary>
    public void AddPrevious(SlotGroup.Place place, ReadOnlySpan<byte> packed)
    {
        if (_replies[place.Event] is { } reply && place.Item < reply.Records.Length)
        {
            reply.Records[place.Item] = reply.Records[place.Item] with { Previous = SignalRecord.Read(packed) };
        }
    }

    /// <summary>The replies, in the order of the events.</summary>
    public EventReply[] Finish()
    {
        foreach (var reply in _replies)
        {
            if (reply is null)
            {
                throw Malformed();
            }
        }

        return _replies!;
    }

    private static StoreException Malformed() => new(StoreFailure.Malformed, "A script's reply is not of the expected form.");

    private void Add(int index, int code, byte[]? bytes, ReadOnlySpan<SlotGroup.Place> places)
    {
        var itemCount = places[0].Of;
        var status = code switch
        {
            0 => ReplyStatus.Counted,
            1 => ReplyStatus.Replayed,
            2 => ReplyStatus.OtherEvent,
            3 => ReplyStatus.Duplicate,
            4 => ReplyStatus.Gone,
            _ => throw Malformed(),
        };
        var (body, context) = Split(status, bytes);
        var now = BinaryPrimitives.ReadUInt32LittleEndian(body.Span);
        var records = body.Span[TimeSize..];

        // The slot of the address answers for the event; what other slots counted only adds its records.
        if (places[0].Item == 0)
        {
            // A retry may find fewer or more items than it names, where a switch of the policy changed meanwhile: the first call's stand.
            var whole = places.Length == itemCount;
            var known = _replies[index]?.Records;
            var count = status is ReplyStatus.Counted or ReplyStatus.Replayed ? whole ? records.Length / PairSize : itemCount : 0;
            _replies[index] = new EventReply(status, now, count == 0 ? [] : known ?? new RecordPair[count], context);
            if (whole)
            {
                for (var i = 0; i < count; i++)
                {
                    _replies[index]!.Records[i] = Pair(records, i);
                }

                return;
            }
        }
        else
        {
            _replies[index] ??= new EventReply(ReplyStatus.Counted, now, new RecordPair[itemCount], default);
        }

        var target = _replies[index]!.Records;
        for (var i = 0; i < places.Length && (i + 1) * PairSize <= records.Length && places[i].Item < target.Length; i++)
        {
            target[places[i].Item] = Pair(records, i);
        }
    }

    private static RecordPair Pair(ReadOnlySpan<byte> records, int index)
    {
        var pair = records.Slice(index * PairSize, PairSize);
        return new RecordPair(SignalRecord.Read(pair[..SignalRecord.Size]), SignalRecord.Read(pair[SignalRecord.Size..]));
    }

    private static (ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Context) Split(ReplyStatus status, byte[]? bytes)
    {
        ReadOnlyMemory<byte> body = bytes, context = default;
        if (status == ReplyStatus.Replayed)
        {
            if (body.Length < LengthSize)
            {
                throw Malformed();
            }

            var length = BinaryPrimitives.ReadUInt16LittleEndian(body.Span);
            if (body.Length < LengthSize + length)
            {
                throw Malformed();
            }

            context = body[(LengthSize + length)..];
            body = body.Slice(LengthSize, length);
        }

        return body.Length >= TimeSize && (body.Length - TimeSize) % PairSize == 0 ? (body, context) : throw Malformed();
    }
}
