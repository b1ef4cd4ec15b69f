using System.Numerics;

namespace SpamGuard.Addresses;

/// <summary>Numbers as sorted intervals that neither touch nor overlap. Immutable.</summary>
internal sealed class IntervalSet<T>
    where T : struct, IBinaryInteger<T>
{
    private readonly T[] _starts;
    private readonly T[] _ends;

    /// <summary>Sorts and merges intervals, both ends included. <paramref name="intervals"/> is sorted in place.</summary>
    public IntervalSet(List<(T Start, T End)> intervals)
    {
        intervals.Sort();
        var starts = new List<T>(intervals.Count);
        var ends = new List<T>(intervals.Count);
        (T Start, T End)? before = null;
        foreach (var interval in intervals)
        {
            if (interval == before)
            {
                continue;
            }

            before = interval;
            Distinct++;

            // Not end + 1: the last number has no next one.
            if (ends.Count > 0 && (interval.Start <= ends[^1] || interval.Start - T.One == ends[^1]))
            {
                ends[^1] = T.Max(ends[^1], interval.End);
            }
            else
            {
                starts.Add(interval.Start);
                ends.Add(interval.End);
            }
        }

        _starts = [.. starts];
        _ends = [.. ends];
    }

    /// <summary>How many different intervals were given, before merging.</summary>
    public int Distinct { get; }

    /// <summary>Whether an interval holds a number.</summary>
    public bool Contains(T value)
    {
        var index = Array.BinarySearch(_starts, value);
        return index >= 0 || (~index > 0 && value <= _ends[~index - 1]);
    }
}
