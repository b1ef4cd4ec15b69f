using System.Collections;
using SpamGuard.Records;

namespace SpamGuard.Storage;

/// <summary>The records of one subject.</summary>
/// <param name="Current">Of the current epoch, as it was before this event and before its roll; absent is <c>default</c>.</param>
/// <param name="Previous">Of the epoch before.</param>
internal readonly record struct RecordPair(SignalRecord Current, SignalRecord Previous)
{
    /// <summary>Length of a packed pair in bytes.</summary>
    public const int Size = 2 * SignalRecord.Size;

    /// <summary>Reads a packed pair; what is no record reads as absent.</summary>
    public static RecordPair Read(ReadOnlySpan<byte> packed) =>
        new(SignalRecord.Read(packed[..SignalRecord.Size]), SignalRecord.Read(packed[SignalRecord.Size..]));
}

/// <summary>The records of an event's subjects, one pair each, in order: as a script packed them, or in an array.</summary>
/// <remarks>The model reads every pair once, so what came packed is unpacked then, and never into an array of its own.</remarks>
internal readonly struct RecordPairs : IReadOnlyList<RecordPair>
{
    private readonly ReadOnlyMemory<byte> _packed;
    private readonly RecordPair[]? _pairs;

    /// <summary>Takes whole packed pairs.</summary>
    public RecordPairs(ReadOnlyMemory<byte> packed) => _packed = packed;

    private RecordPairs(RecordPair[] pairs) => _pairs = pairs;

    /// <inheritdoc/>
    public int Count => _pairs?.Length ?? (_packed.Length / RecordPair.Size);

    /// <inheritdoc/>
    public RecordPair this[int index] => _pairs is null ? RecordPair.Read(_packed.Span.Slice(index * RecordPair.Size, RecordPair.Size)) : _pairs[index];

    /// <summary>Pairs that are in an array already.</summary>
    public static implicit operator RecordPairs(RecordPair[] pairs) => new(pairs);

    /// <inheritdoc/>
    public IEnumerator<RecordPair> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
