using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>What a scorer leaves with a counted event so that a retry is judged by the same numbers: the aggregates as they were, and which subjects there were.</summary>
/// <remarks>
/// kinds of subjects, a bit each (1) ‖ wide, all: per aggregate day 4 ‖ spam, ham, older, yesterday, today 8 each ‖ the tags of the address, if it has
/// some: per tag length 1, name.
/// </remarks>
internal static class ReplayContext
{
    private const int CountsSize = 44;
    private const int Size = 1 + (2 * CountsSize);

    /// <summary>What makes a retry of an event recognised and answered the same.</summary>
    public static ReplayGuard Guard(
        SpamEvent spamEvent, string caller, Guid requestId, EventFootprint footprint, LiveEpochs live, FadingCounts wide, FadingCounts all)
    {
        var hasher = live.Current(RetentionClass.Address).Hasher;
        return new ReplayGuard(footprint.Address, hasher.Request(caller, requestId), Fingerprint(hasher, spamEvent), Pack(footprint, wide, all));
    }

    /// <summary>The first call's time, records and aggregates, as the model looks at them.</summary>
    /// <remarks>A subject that the first call did not have (a memory switched on since) reads as unknown.</remarks>
    /// <exception cref="StoreException">What the store held is not of the expected form.</exception>
    public static Situation Restore(EventFootprint footprint, EventReply reply)
    {
        var context = reply.Context.Span;
        if (context.Length < Size)
        {
            throw Malformed();
        }

        // In a cluster the other slots answer by this call's subjects, in its order; elsewhere it is all the first call's.
        if (reply.Records.Count != BitOperations.PopCount(context[0]))
        {
            return footprint.Situate(reply.Now, reply.Records, Read(context[1..]), Read(context[(1 + CountsSize)..]));
        }

        var records = new RecordPair[footprint.Subjects.Length];
        var (next, at) = (0, 0);
        for (var kind = 0; kind < SubjectKinds.Count && at < records.Length; kind++)
        {
            var held = (context[0] & (1 << kind)) != 0 && next < reply.Records.Count ? reply.Records[next++] : default;
            if (footprint.Subjects[at].Current.Kind == (SubjectKind)kind)
            {
                records[at++] = held;
            }
        }

        return footprint.Situate(reply.Now, records, Read(context[1..]), Read(context[(1 + CountsSize)..]));
    }

    /// <summary>The event as the store's answer speaks of it: a retry has the tags that the first call's address had.</summary>
    /// <exception cref="StoreException">What the store held is not of the expected form.</exception>
    public static EventFootprint Footprint(EventFootprint footprint, EventReply reply)
    {
        if (reply.Status != ReplyStatus.Replayed || (reply.Context.Length == Size && footprint.Tags.Count == 0))
        {
            return footprint;
        }

        var tags = new List<string>();
        for (var rest = reply.Context.Span[Math.Min(Size, reply.Context.Length)..]; !rest.IsEmpty; rest = rest[(1 + rest[0])..])
        {
            if (rest.Length < 1 + rest[0])
            {
                throw Malformed();
            }

            tags.Add(Encoding.ASCII.GetString(rest.Slice(1, rest[0])));
        }

        return footprint.Tagged(tags);
    }

    private static StoreException Malformed() => new(StoreFailure.Malformed, "The context of an answered request is not of the expected form.");

    // Tells a retry from another event: a keyed hash of all that the caller said of it.
    private static ulong Fingerprint(AddressHasher hasher, SpamEvent spamEvent)
    {
        Span<byte> bytes = stackalloc byte[1 + 10 + (2 * (2 + SpamEvent.MaxDigestBytes))];
        bytes[0] = (byte)spamEvent.Kind;
        var length = 1 + spamEvent.Address.WritePrefix(SubjectKind.Address, bytes[1..]);
        length += Append(bytes[length..], spamEvent.Account.Span);
        length += Append(bytes[length..], spamEvent.Content.Span);
        return hasher.Fingerprint(bytes[..length]);
    }

    private static int Append(Span<byte> destination, ReadOnlySpan<byte> digest)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)digest.Length);
        digest.CopyTo(destination[2..]);
        return 2 + digest.Length;
    }

    private static byte[] Pack(EventFootprint footprint, FadingCounts wide, FadingCounts all)
    {
        var packed = new byte[Size + footprint.Tags.Sum(static tag => 1 + tag.Length)];
        foreach (ref readonly var subject in footprint.Subjects.AsSpan())
        {
            packed[0] |= (byte)(1 << (int)subject.Current.Kind);
        }

        Write(wide, packed.AsSpan(1));
        Write(all, packed.AsSpan(1 + CountsSize));
        var at = Size;
        foreach (var tag in footprint.Tags)
        {
            packed[at] = (byte)Encoding.ASCII.GetBytes(tag, packed.AsSpan(at + 1));
            at += 1 + tag.Length;
        }

        return packed;
    }

    private static void Write(FadingCounts counts, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, (int)counts.Day);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[4..], counts.Spam);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[12..], counts.Ham);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[20..], counts.Older);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[28..], counts.Yesterday);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[36..], counts.Today);
    }

    private static FadingCounts Read(ReadOnlySpan<byte> source) => new()
    {
        Day = BinaryPrimitives.ReadInt32LittleEndian(source),
        Spam = BinaryPrimitives.ReadDoubleLittleEndian(source[4..]),
        Ham = BinaryPrimitives.ReadDoubleLittleEndian(source[12..]),
        Older = BinaryPrimitives.ReadDoubleLittleEndian(source[20..]),
        Yesterday = BinaryPrimitives.ReadDoubleLittleEndian(source[28..]),
        Today = BinaryPrimitives.ReadDoubleLittleEndian(source[36..]),
    };
}
