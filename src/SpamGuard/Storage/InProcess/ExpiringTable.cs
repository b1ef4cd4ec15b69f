using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpamGuard.Storage.InProcess;

/// <summary>Values that end at a deadline: unreadable from that second on, and freed within <paramref name="stepSeconds"/> of it.</summary>
/// <remarks>
/// With a capacity a value is freed when its place is wanted: in the order in which they came, but one that was read since its last turn is
/// passed over (CLOCK). A flood of values that come once pushes out its own kind, and not what is in use.
/// </remarks>
/// <param name="stepSeconds">How many seconds of deadlines are freed together.</param>
/// <param name="capacity">How many values there may be; <c>null</c> for any number.</param>
internal sealed class ExpiringTable<TKey, TValue>(long stepSeconds, int? capacity = null)
    where TKey : notnull
{
    // A limit to what one write may cost: about 5 microseconds.
    private const int MostPassedOver = 100;

    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly Dictionary<long, List<TKey>> _steps = [];
    private readonly PriorityQueue<long, long> _order = new();
    private readonly Queue<TKey>? _turns = capacity is null ? null : new();

    /// <summary>How many values there are, those included that are past their deadline and not yet freed.</summary>
    public int Count => _entries.Count;

    /// <summary>Every key with the second of its deadline.</summary>
    public IEnumerable<KeyValuePair<TKey, long>> Deadlines => _entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Deadline));

    /// <summary>Reads a value; at its deadline and after it there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="nowMilliseconds">The clock, in unix milliseconds.</param>
    /// <param name="value">The value.</param>
    public bool TryGet(TKey key, long nowMilliseconds, out TValue value)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        var found = !Unsafe.IsNullRef(ref entry) && nowMilliseconds < entry.Deadline * 1000;
        if (found && _turns is not null)
        {
            entry.IsRead = true;
        }

        value = found ? entry.Value : default!;
        return found;
    }

    /// <summary>The place of a value, to be changed there, until the next write; a null reference where there is none, or one with another deadline.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="nowMilliseconds">The clock, in unix milliseconds.</param>
    /// <param name="deadline">Its deadline, a unix second.</param>
    public ref TValue Find(TKey key, long nowMilliseconds, long deadline)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        if (Unsafe.IsNullRef(ref entry) || entry.Deadline != deadline || nowMilliseconds >= deadline * 1000)
        {
            return ref Unsafe.NullRef<TValue>();
        }

        if (_turns is not null)
        {
            entry.IsRead = true;
        }

        return ref entry.Value;
    }

    /// <summary>Writes a value with its deadline, a unix second.</summary>
    public void Set(TKey key, TValue value, long deadline)
    {
        if (_entries.Count >= capacity && !_entries.ContainsKey(key))
        {
            FreeOne();
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, key, out var known);
        if (_turns is not null)
        {
            if (!known)
            {
                _turns.Enqueue(key);
            }
        }
        else if (!known || entry.Deadline != deadline)
        {
            var step = deadline / stepSeconds;
            if (!_steps.TryGetValue(step, out var keys))
            {
                _steps[step] = keys = [];
                _order.Enqueue(step, step);
            }

            keys.Add(key);
        }

        entry.Value = value;
        entry.Deadline = deadline;
    }

    /// <summary>Frees what is past its deadline.</summary>
    public void Free(long nowMilliseconds)
    {
        var now = nowMilliseconds / 1000;
        while (_order.TryPeek(out var step, out _) && (step + 1) * stepSeconds <= now)
        {
            _order.Dequeue();
            _steps.Remove(step, out var keys);
            foreach (var key in keys!)
            {
                if (_entries.TryGetValue(key, out var entry) && entry.Deadline <= now)
                {
                    _entries.Remove(key); // written again with a later deadline, it stays and is in a later step
                }
            }
        }
    }

    private void FreeOne()
    {
        for (var passedOver = 0; ; passedOver++)
        {
            var key = _turns!.Dequeue();
            ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
            if (!entry.IsRead || passedOver == MostPassedOver)
            {
                _entries.Remove(key);
                return;
            }

            entry.IsRead = false;
            _turns.Enqueue(key);
        }
    }

    private struct Entry
    {
        public TValue Value;
        public bool IsRead;
        public long Deadline;
    }
}
