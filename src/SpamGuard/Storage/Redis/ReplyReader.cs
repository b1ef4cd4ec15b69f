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
        if (_replies[place.Event] is { } reply && place.Item < reply.Records.Count)
        {
            var pairs = reply.Records.ToArray();
            pairs[place.Item] = pairs[place.Item] with { Previous = SignalRecord.Read(packed) };
            _replies[place.Event] = reply with { Records = pairs };
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
        var records = new RecordPairs(body[TimeSize..]);

        // The slot of the address answers for the event; what other slots counted only adds its records.
        if (places[0].Item == 0)
        {
            // A retry may find fewer or more items than it names, where a switch of the policy changed meanwhile: the first call's stand.
            var answersRecords = status is ReplyStatus.Counted or ReplyStatus.Replayed;
            if (!answersRecords || places.Length == itemCount)
            {
                _replies[index] = new EventReply(status, now, answersRecords ? records : default, context);
                return;
            }

            _replies[index] = new EventReply(status, now, _replies[index]?.Records ?? new RecordPair[itemCount], context);
        }
        else
        {
            _replies[index] ??= new EventReply(ReplyStatus.Counted, now, new RecordPair[itemCount], default);
        }

        var target = _replies[index]!.Records.ToArray();
        for (var i = 0; i < places.Length && i < records.Count && places[i].Item < target.Length; i++)
        {
            target[places[i].Item] = records[i];
        }

        _replies[index] = _replies[index]! with { Records = target };
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

        return body.Length >= TimeSize && (body.Length - TimeSize) % RecordPair.Size == 0 ? (body, context) : throw Malformed();
    }
}
