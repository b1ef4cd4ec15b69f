namespace SpamGuard.Desk.Disclosures;

/// <summary>Counts keys that were not an order's. Nobody finds 256 bits by trying: who tries has the wrong order or no business here, and is to be seen.</summary>
internal sealed class WrongKeys(TimeProvider time)
{
    /// <summary>How many an order may see in <see cref="Window"/>; after that no key is looked at, not even the right one.</summary>
    public const int Most = 5;

    /// <summary>How long each counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<long>> _times = new(StringComparer.Ordinal);

    /// <summary>After what time a key may be tried again; <c>null</c> where it may now.</summary>
    public TimeSpan? WaitOf(string id)
    {
        lock (_lock)
        {
            return Recent(id) is { Count: >= Most } times ? Window - time.GetElapsedTime(times.Peek()) : null;
        }
    }

    /// <summary>Counts one. Orders that nobody tries any more are forgotten meanwhile.</summary>
    public void Add(string id)
    {
        lock (_lock)
        {
            foreach (var other in _times.Keys.ToList())
            {
                Recent(other);
            }

            _times.TryAdd(id, new Queue<long>());
            _times[id].Enqueue(time.GetTimestamp());
        }
    }

    private Queue<long>? Recent(string id)
    {
        if (!_times.TryGetValue(id, out var times))
        {
            return null;
        }

        while (times.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
        {
            times.Dequeue();
        }

        if (times.Count == 0)
        {
            _times.Remove(id);
        }

        return times;
    }
}
