using System.Collections;

namespace SpamGuard.Cli.Replay;

/// <summary>Numbers of rows, ascending; rows that follow each other take no room, for where two policies differ they mostly do for long.</summary>
internal sealed class RowRanges : IReadOnlyCollection<long>
{
    private readonly List<(long From, long To)> _ranges = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds a row behind all that are there.</summary>
    public void Add(long row)
    {
        if (_ranges.Count > 0 && _ranges[^1].To >= row - 1)
        {
            _ranges[^1] = (_ranges[^1].From, row);
        }
        else
        {
            _ranges.Add((row, row));
        }

        Count++;
    }

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator()
    {
        foreach (var (from, to) in _ranges)
        {
            for (var row = from; row <= to; row++)
            {
                yield return row;
            }
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
