using System.Collections.Concurrent;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Storage;

namespace SpamGuard.Aggregates;

/// <summary>Totals over all messages (the prior) and per /8 or IPv6 /24 (wide), counted here and merged with other processes through the store.</summary>
/// <remarks>
/// Read is what the store last answered plus what this process has not sent yet. A prefix that nobody asked for in an hour is forgotten here
/// and read again when it is next seen; until then, a second at most, it reads as unknown.
/// </remarks>
internal sealed class TrafficAggregates(AggregateMetrics metrics)
{
    private const long IdleSeconds = 3600;

    private readonly Cell _all = new(prefix: null);
    private readonly ConcurrentDictionary<WidePrefix, Cell> _wide = new();

    /// <summary>Counts over all messages at a time (unix seconds).</summary>
    public FadingCounts All(long now) => _all.Read(now);

    /// <summary>Counts of a /8 or IPv6 /24 at a time (unix seconds).</summary>
    public FadingCounts Wide(WidePrefix prefix, long now) => Of(prefix).Read(now);

    /// <summary>Counts an event: the wide level as many units as its region was given, all messages one.</summary>
    public void CountEvent(WidePrefix prefix, int regionUnits, bool isMessage, long now)
    {
        Of(prefix).Add(0, 0, regionUnits, now);
        if (isMessage)
        {
            _all.Add(0, 0, 1, now);
        }
    }

    /// <summary>Counts a report likewise.</summary>
    public void CountReport(WidePrefix prefix, int regionUnits, bool isMessage, bool spam, long now)
    {
        Of(prefix).Add(spam ? regionUnits : 0, spam ? 0 : regionUnits, 0, now);
        if (isMessage)
        {
            _all.Add(spam ? 1 : 0, spam ? 0 : 1, 0, now);
        }
    }

    /// <summary>Adds what is unsent to the store's totals and takes them over. A flush whose fate is unknown is dropped and metered.</summary>
    /// <exception cref="StoreException">The store did not take it.</exception>
    public async ValueTask FlushAsync(ISignalStore store, long now, CancellationToken cancellationToken)
    {
        var cells = new List<Cell>();
        var additions = new List<AggregateAddition>();
        foreach (var cell in _wide.Values.Append(_all))
        {
            if (cell.TryTake(now, out var addition))
            {
                cells.Add(cell);
                additions.Add(addition);
            }
            else if (cell.Prefix is { } prefix && cell.IsIdle(now - IdleSeconds))
            {
                _wide.TryRemove(KeyValuePair.Create(prefix, cell));
            }
        }

        if (additions.Count == 0)
        {
            return;
        }

        try
        {
            var totals = await store.AddAsync(additions, cancellationToken);
            for (var i = 0; i < cells.Count; i++)
            {
                cells[i].Become(totals[i]);
            }
        }
        catch (StoreException e) when (e.Failure is StoreFailure.CircuitOpen)
        {
            for (var i = 0; i < cells.Count; i++)
            {
                cells[i].GiveBack(additions[i], now);
            }

            throw;
        }
        catch (StoreException)
        {
            metrics.Dropped(additions.Count(addition => !addition.IsEmpty));
            throw;
        }
    }

    private Cell Of(WidePrefix prefix) => _wide.GetOrAdd(prefix, static prefix => new Cell(prefix));

    private sealed class Cell(WidePrefix? prefix)
    {
        private readonly Lock _gate = new();
        private FadingCounts _totals;
        private FadingCounts _unsent;
        private bool _touched;
        private long _lastTouch;

        public WidePrefix? Prefix => prefix;

        public FadingCounts Read(long now)
        {
            lock (_gate)
            {
                Touch(now);
                return FadingCounts.Sum(_totals, _unsent, now);
            }
        }

        public void Add(double spam, double ham, double events, long now)
        {
            lock (_gate)
            {
                Touch(now);
                _unsent.Roll(now);
                _unsent.Spam += spam;
                _unsent.Ham += ham;
                _unsent.Today += events;
            }
        }

        public bool TryTake(long now, out AggregateAddition addition)
        {
            lock (_gate)
            {
                addition = new AggregateAddition(prefix, _unsent.Spam, _unsent.Ham, _unsent.Today + _unsent.Yesterday + _unsent.Older);
                var wanted = _touched;
                if (wanted)
                {
                    _totals = FadingCounts.Sum(_totals, _unsent, now); // stays in sight until the store's answer comes
                    _unsent = default;
                    _touched = false;
                }

                return wanted;
            }
        }

        public void Become(FadingCounts totals)
        {
            lock (_gate)
            {
                _totals = totals;
            }
        }

        public void GiveBack(AggregateAddition addition, long now)
        {
            lock (_gate)
            {
                _totals.Roll(now);
                _totals.Spam -= addition.Spam;
                _totals.Ham -= addition.Ham;
                _totals.Today -= addition.Events;
                _unsent.Roll(now);
                _unsent.Spam += addition.Spam;
                _unsent.Ham += addition.Ham;
                _unsent.Today += addition.Events;
                _touched = true;
            }
        }

        public bool IsIdle(long since)
        {
            lock (_gate)
            {
                return !_touched && _lastTouch < since;
            }
        }

        private void Touch(long now)
        {
            _touched = true;
            _lastTouch = Math.Max(_lastTouch, now);
        }
    }
}
