using System.Net;

namespace SpamGuard.Storage.Redis;

/// <summary>
/// The last reading of every master. One that misses a look counts as it was last, for a while: the fullest is the likeliest to be late, and
/// without it the others would look like all. Not for concurrent use.
/// </summary>
internal sealed class StoreMemoryReadings
{
    /// <summary>After so many looks in a row without an answer a master is left out: it is away, or another stands for it.</summary>
    public const int LooksToForget = 5;

    private readonly Dictionary<EndPoint, (StoreMemoryReading Reading, int Missed)> _last = [];

    /// <summary>How many masters are known.</summary>
    public int Known => _last.Count;

    /// <summary>Used memory by its limit, of the fullest known master; <c>null</c> where none is known.</summary>
    public double? Share => _last.Count == 0 ? null : _last.Values.Max(static one => one.Reading.Share);

    /// <summary>The smallest limit of the known masters in bytes, 0 where one has none; <c>null</c> where none is known.</summary>
    public long? Limit => _last.Count == 0 ? null : _last.Values.Min(static one => one.Reading.Limit);

    /// <summary>Takes what one look found.</summary>
    /// <param name="answers">Of every master that answered.</param>
    public void Look(IReadOnlyDictionary<EndPoint, StoreMemoryReading> answers)
    {
        foreach (var (master, (reading, missed)) in _last.ToArray())
        {
            _last[master] = (reading, missed + 1);
            if (missed + 1 >= LooksToForget)
            {
                _last.Remove(master);
            }
        }

        foreach (var (master, reading) in answers)
        {
            _last[master] = (reading, 0);
        }
    }
}
