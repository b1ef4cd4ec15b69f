using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Disclosures;

/// <summary>All orders, as the ledger tells them. Of those from which nothing more can come only facts are left: a few hundred bytes each.</summary>
internal sealed class DisclosureBook : ILedgerBook
{
    private readonly Lock _lock = new();
    private readonly List<Disclosure> _all = []; // in the order in which they were opened
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _unsettled = []; // of those from which more can come, or that an operator must know of: few among all that ever were

    // Intents whose outcome is to come, by their number.
    private readonly Dictionary<long, string> _opening = [];
    private readonly Dictionary<long, (string Id, OrderDecision Decision)> _deciding = [];
    private readonly Dictionary<long, string> _executing = [];

    /// <summary>Finds one; <c>null</c> where there is none.</summary>
    public Disclosure? Find(string id)
    {
        lock (_lock)
        {
            return _places.TryGetValue(id, out var place) ? _all[place] : null;
        }
    }

    /// <summary>All of them, the latest first.</summary>
    public IReadOnlyList<Disclosure> Latest()
    {
        lock (_lock)
        {
            return [.. _all.AsEnumerable().Reverse()];
        }
    }

    private IEnumerable<Disclosure> Unsettled => _unsettled.Select(place => _all[place]);

    /// <summary>How many are unconfirmed, pending or approved at a time, and what of them and others an operator must know.</summary>
    public DisclosureTally TallyAt(DateTimeOffset now)
    {
        lock (_lock)
        {
            var tally = new DisclosureTally(Live: 0, Pending: 0, OldestPending: null, Unknown: 0);
            foreach (var one in Unsettled)
            {
                tally = one.StateAt(now) switch
                {
                    DisclosureState.Pending => tally with { Live = tally.Live + 1, Pending = tally.Pending + 1, OldestPending = tally.OldestPending ?? one.OpenTime },
                    DisclosureState.Unconfirmed or DisclosureState.Approved or DisclosureState.Executing => tally with { Live = tally.Live + 1 },
                    DisclosureState.OutcomeUnknown when now < one.Facts.ValidUntil => tally with { Unknown = tally.Unknown + 1 },
                    _ => tally,
                };
            }

            return tally;
        }
    }

    /// <summary>How many of those somebody opened.</summary>
    public int LiveOf(LedgerActor opener, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Unsettled.Count(one => IsLive(one, now) && one.OpenedBy.SharesNameWith(opener));
        }
    }

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        lock (_lock)
        {
            switch (entry.Act)
            {
                case LedgerAct.DisclosureOpen:
                    Open(entry);
                    break;
                case LedgerAct.DisclosureDecide:
                    Decide(entry);
                    break;
                case LedgerAct.DisclosureExecute:
                    Execute(entry);
                    break;
            }
        }
    }

    private static bool IsLive(Disclosure one, DateTimeOffset now) =>
        one.StateAt(now) is DisclosureState.Unconfirmed or DisclosureState.Pending or DisclosureState.Approved or DisclosureState.Executing;

    // It is there from its intent on, so that whoever got no answer finds it and can reject it.
    private void Open(LedgerEntry entry)
    {
        if (entry.Phase == LedgerPhase.Intent)
        {
            Settle(entry.Time);
            if (DisclosureEntries.Opened(entry) is { } opened && _places.TryAdd(opened.Id, _all.Count))
            {
                _opening[entry.Seq] = opened.Id;
                _unsettled.Add(_all.Count);
                _all.Add(opened);
            }
        }
        else if (entry.Intent is { } intent && _opening.Remove(intent, out var id) && entry.IsDone)
        {
            Change(id, static one => one with { IsConfirmed = true });
        }
    }

    // One that was not entered to its end was told to nobody, and did nothing: it is as if it had not been begun.
    private void Decide(LedgerEntry entry)
    {
        var id = DisclosureEntries.IdOf(entry);
        if (entry.Phase == LedgerPhase.Intent)
        {
            if (DisclosureEntries.Decided(entry) is { } decision)
            {
                _deciding[entry.Seq] = (id, decision);
                Change(id, static one => one with { IsBeingDecided = true });
            }
        }
        else if (entry.Intent is { } intent && _deciding.Remove(intent, out var begun))
        {
            Change(begun.Id, one => entry.IsDone
                ? one with { IsBeingDecided = false, Decision = begun.Decision, Commitments = begun.Decision.Kind == DecisionKind.Approved ? one.Commitments : null }
                : one with { IsBeingDecided = false });
        }
    }

    private void Execute(LedgerEntry entry)
    {
        if (entry.Phase == LedgerPhase.Intent && entry.By is { } by)
        {
            var id = _executing[entry.Seq] = DisclosureEntries.IdOf(entry);
            Change(id, one => one with { Execution = new OrderExecution(entry.Time, by, DisclosureState.Executing) });
        }
        else if (entry.Intent is { } intent && _executing.Remove(intent, out var id))
        {
            Change(id, one => one.Execution is null ? one : After(one, one.Execution, entry));
        }
    }

    // What failed gave nothing out, and may be tried again; of what else is not known to be done, somebody may have the answer.
    private static Disclosure After(Disclosure one, OrderExecution execution, LedgerEntry outcome)
    {
        if (string.Equals(outcome.Result, LedgerEntry.Failed, StringComparison.Ordinal))
        {
            return one with { Execution = null };
        }

        if (!outcome.IsDone)
        {
            return one with { Commitments = null, Execution = execution with { State = DisclosureState.OutcomeUnknown } };
        }

        var (held, disclosed) = DisclosureEntries.Executed(outcome);
        return one with { Commitments = null, Execution = execution with { State = DisclosureState.Executed, Held = held, Disclosed = disclosed } };
    }

    private void Settle(DateTimeOffset now)
    {
        foreach (var place in _unsettled.ToList())
        {
            var one = _all[place];
            if (!IsLive(one, now) && (one.Execution?.State != DisclosureState.OutcomeUnknown || now >= one.Facts.ValidUntil))
            {
                _all[place] = one with { Commitments = null };
                _unsettled.Remove(place);
            }
        }
    }

    private void Change(string id, Func<Disclosure, Disclosure> change)
    {
        if (_places.TryGetValue(id, out var place))
        {
            _all[place] = change(_all[place]);
        }
    }
}

/// <summary>How orders stand.</summary>
/// <param name="Live">How many can still be executed, or are being, or are unconfirmed.</param>
/// <param name="Pending">How many nobody has decided.</param>
/// <param name="OldestPending">When the oldest of them was opened; <c>null</c> where there is none.</param>
/// <param name="Unknown">How many were being executed when the desk ended, of those that would still be valid.</param>
internal readonly record struct DisclosureTally(int Live, int Pending, DateTimeOffset? OldestPending, int Unknown);
