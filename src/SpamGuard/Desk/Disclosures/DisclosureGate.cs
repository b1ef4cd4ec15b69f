using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SpamGuard.Addresses;
using SpamGuard.Desk.Ledger;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Disclosures;

/// <summary>
/// The gate for orders of authorities: one person opens an order, another decides it, and what is still held on the addresses that it names is given
/// out once. There is no other way, and none around a step: what an act needs is looked at where nothing else can come between, under the ledger's lock.
/// </summary>
internal sealed class DisclosureGate(
    DeskLedger ledger, DisclosureBook book, NamedSubjects subjects, WrongKeys wrongKeys, DisclosureMetrics metrics, TimeProvider time, ILogger<DisclosureGate> logger)
{
    /// <summary>How many addresses an order may name.</summary>
    public const int MostAddresses = 1000;

    /// <summary>How many orders may be unconfirmed, pending or approved at a time: their commitments are held in memory.</summary>
    public const int MostOrders = 1000;

    /// <summary>How many of them one person may have opened.</summary>
    public const int MostOrdersOfOne = 100;

    private const int IdDigits = 16;
    private static readonly DisclosureState[] Rejectable = [DisclosureState.Unconfirmed, DisclosureState.Pending, DisclosureState.Approved];

    /// <summary>Enters an order, or refuses its category; the latter is entered too.</summary>
    /// <param name="facts">What it says of itself.</param>
    /// <param name="reference">How the authority calls it.</param>
    /// <param name="authority">Which authority that is.</param>
    /// <param name="addresses">What it names, 1 to <see cref="MostAddresses"/>.</param>
    /// <param name="by">Who opens it.</param>
    /// <returns>The order, and its key, which is kept nowhere else.</returns>
    /// <exception cref="DisclosureRefusedException">It can't be taken.</exception>
    /// <exception cref="LedgerException">It can't be entered.</exception>
    public async Task<(Disclosure Disclosure, string Key)> OpenAsync(
        OrderFacts facts, string reference, string authority, IReadOnlyList<ClientAddress> addresses, LedgerActor by)
    {
        using var key = OrderKey.New();
        var commitments = OrderCommitments.Of(key, reference, authority, addresses);
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        if (facts.Category == DisclosureCategory.Other)
        {
            await ledger.NoteAsync(LedgerAct.DisclosureRefuse, by, DisclosureEntries.Refuse(id, facts.RefusedAt(time.GetUtcNow()), commitments.Subjects.Length));
            metrics.Count(facts.Category, DisclosureOutcome.Refused);
            DisclosureLog.CategoryRefused(logger, by.Caller, by.Identity);
            throw new DisclosureRefusedException(DisclosureRefusal.CategoryNotAllowed);
        }

        await ledger.ActAsync(LedgerAct.DisclosureOpen, by, DisclosureEntries.Open(id, facts, commitments), static _ => Done(), now =>
        {
            ThrowIfFaulty(facts, now);
            if (book.TallyAt(now).Live >= MostOrders)
            {
                throw new DisclosureRefusedException(DisclosureRefusal.TooManyOrders);
            }

            if (book.LiveOf(by, now) >= MostOrdersOfOne)
            {
                throw new DisclosureRefusedException(DisclosureRefusal.TooManyOrdersOfOne);
            }
        });
        metrics.Count(facts.Category, DisclosureOutcome.Opened);
        DisclosureLog.Opened(logger, by.Caller, by.Identity, id);
        return (Known(id), key.Text);
    }

    /// <summary>Approves an order.</summary>
    /// <param name="id">The order.</param>
    /// <param name="key">Its key.</param>
    /// <param name="reference">How the authority calls it.</param>
    /// <param name="addresses">What it names.</param>
    /// <param name="reason">Why, or nothing; without an address and without the reference.</param>
    /// <param name="by">Who decides.</param>
    /// <exception cref="DisclosureRefusedException">It can't be approved so.</exception>
    /// <exception cref="LedgerException">It can't be entered.</exception>
    public Task<Disclosure> ApproveAsync(string id, OrderKey key, string reference, IReadOnlyList<ClientAddress> addresses, string reason, LedgerActor by)
    {
        var (order, commitments) = Unlocked(id, key, by, DisclosureState.Pending);
        ThrowIfSamePerson(order, by);
        ThrowUnlessCalled(commitments, reference, key);
        ThrowUnlessExact(commitments.Compare(addresses, key));
        return DecideAsync(order, DecisionKind.Approved, reason, by, DisclosureState.Pending);
    }

    /// <summary>Rejects an order that is not executed, approved or not; by who opened it that is entered as a withdrawal, whatever it is for. Nothing is given out by it, so anybody may who handles orders, whoever opened it and without its key: else one person could fill the gate with orders that only they can end.</summary>
    /// <param name="id">The order.</param>
    /// <param name="by">Who decides.</param>
    /// <exception cref="DisclosureRefusedException">It can't be rejected any more.</exception>
    /// <exception cref="LedgerException">It can't be entered.</exception>
    public Task<Disclosure> RejectAsync(string id, LedgerActor by) => RejectAsync(InState(id, time.GetUtcNow(), Rejectable), reason: string.Empty, by);

    /// <summary>The same with a reason, which was looked through for the key and the reference: so they must be those of the order.</summary>
    /// <param name="id">The order.</param>
    /// <param name="key">Its key.</param>
    /// <param name="reference">How the authority calls it.</param>
    /// <param name="reason">Why; without an address, the key and the reference.</param>
    /// <param name="by">Who decides.</param>
    /// <exception cref="DisclosureRefusedException">It can't be rejected so.</exception>
    /// <exception cref="LedgerException">It can't be entered.</exception>
    public Task<Disclosure> RejectAsync(string id, OrderKey key, string reference, string reason, LedgerActor by)
    {
        var (order, commitments) = Unlocked(id, key, by, Rejectable);
        ThrowUnlessCalled(commitments, reference, key);
        return RejectAsync(order, reason, by);
    }

    /// <summary>Gives out what is still held on the addresses of an approved order. Whoever presents order and key may: two people have seen it by then.</summary>
    /// <param name="id">The order.</param>
    /// <param name="key">Its key.</param>
    /// <param name="addresses">What it names.</param>
    /// <param name="by">Who executes it.</param>
    /// <returns>The order, and what is held on each of the addresses.</returns>
    /// <exception cref="DisclosureRefusedException">It can't be executed.</exception>
    /// <exception cref="StoreException">What is held can't be read now; nothing is given out.</exception>
    /// <exception cref="LedgerException">It can't be entered; nothing is given out.</exception>
    public async Task<(Disclosure Disclosure, IReadOnlyList<HeldSubject> Held)> ExecuteAsync(
        string id, OrderKey key, IReadOnlyList<ClientAddress> addresses, LedgerActor by)
    {
        var (order, commitments) = Unlocked(id, key, by, DisclosureState.Approved);
        var named = commitments.Compare(addresses, key);
        ThrowUnlessExact(named);
        var held = await ledger.ActAsync(
            LedgerAct.DisclosureExecute,
            by,
            DisclosureEntries.Execute(id),
            async _ =>
            {
                var read = await ReadAsync(order, addresses, by);
                var (extent, disclosed) = ExtentOf(order, named.Commitments, read);
                return new Acted<IReadOnlyList<HeldSubject>>(read, DisclosureEntries.Executed(extent, disclosed));
            },
            now => Undecided(id, now, DisclosureState.Approved));
        var (came, _) = ExtentOf(order, named.Commitments, held);
        metrics.Count(order.Facts.Category, came switch
        {
            HeldExtent.Nothing => DisclosureOutcome.NothingHeld,
            HeldExtent.Partly => DisclosureOutcome.PartlyHeld,
            _ => DisclosureOutcome.FullyHeld,
        });
        DisclosureLog.Executed(logger, by.Caller, by.Identity, id, came);
        return (Known(id), held);
    }

    /// <summary>One order.</summary>
    /// <exception cref="DisclosureRefusedException">There is none of this name.</exception>
    public Disclosure Known(string id) => book.Find(id) ?? throw new DisclosureRefusedException(DisclosureRefusal.Unknown);

    private static Task<Acted<bool>> Done() => Task.FromResult(new Acted<bool>(true, []));

    private static void ThrowIfFaulty(OrderFacts facts, DateTimeOffset now)
    {
        if (facts.FaultsAt(now).ToImmutableArray() is { IsEmpty: false } faults)
        {
            throw new DisclosureRefusedException(DisclosureRefusal.OrderFaulty) { Faults = faults };
        }
    }

    private static void ThrowUnlessCalled(OrderCommitments commitments, string reference, OrderKey key)
    {
        if (!commitments.IsCalled(reference, key))
        {
            throw new DisclosureRefusedException(DisclosureRefusal.ReferenceDiffers);
        }
    }

    private static void ThrowUnlessExact(NamedAddresses addresses)
    {
        if (!addresses.AreExact)
        {
            throw new DisclosureRefusedException(DisclosureRefusal.AddressesDiffer) { Addresses = addresses };
        }
    }

    private static (HeldExtent Extent, int Disclosed) ExtentOf(Disclosure order, ImmutableArray<string> commitments, IReadOnlyList<HeldSubject> held)
    {
        var disclosed = commitments.Zip(held).Where(static one => one.Second.Epochs.Count > 0).Select(static one => one.First).Distinct(StringComparer.Ordinal).Count();
        return (disclosed == 0 ? HeldExtent.Nothing : disclosed < order.Subjects ? HeldExtent.Partly : HeldExtent.Fully, disclosed);
    }

    private Task<Disclosure> RejectAsync(Disclosure order, string reason, LedgerActor by) =>
        DecideAsync(order, order.IsOpenedBy(by) ? DecisionKind.Withdrawn : DecisionKind.Rejected, reason, by, Rejectable);

    private async Task<Disclosure> DecideAsync(Disclosure order, DecisionKind kind, string reason, LedgerActor by, params DisclosureState[] states)
    {
        await ledger.ActAsync(LedgerAct.DisclosureDecide, by, DisclosureEntries.Decide(order.Id, kind, reason), static _ => Done(), now => Undecided(order.Id, now, states));
        metrics.Count(order.Facts.Category, kind switch
        {
            DecisionKind.Approved => DisclosureOutcome.Approved,
            DecisionKind.Rejected => DisclosureOutcome.Rejected,
            _ => DisclosureOutcome.Withdrawn,
        });
        DisclosureLog.Decided(logger, by.Caller, by.Identity, order.Id, kind);
        return Known(order.Id);
    }

    // Before an act is entered, by the time of its entry: no decision is, that could be the other way.
    private void Undecided(string id, DateTimeOffset now, params DisclosureState[] states)
    {
        if (InState(id, now, states).IsBeingDecided)
        {
            throw new DisclosureRefusedException(DisclosureRefusal.BeingDecided);
        }
    }

    private async Task<IReadOnlyList<HeldSubject>> ReadAsync(Disclosure order, IReadOnlyList<ClientAddress> addresses, LedgerActor by)
    {
        try
        {
            return await subjects.ReadAsync(addresses, CancellationToken.None); // what is entered is done to its end
        }
        catch
        {
            metrics.Count(order.Facts.Category, DisclosureOutcome.Failed);
            DisclosureLog.Failed(logger, by.Caller, by.Identity, order.Id);
            throw;
        }
    }

    // The order, where it is in one of the states, and the key is its own.
    private (Disclosure Order, OrderCommitments Commitments) Unlocked(string id, OrderKey key, LedgerActor by, params DisclosureState[] states)
    {
        var order = InState(id, time.GetUtcNow(), states);
        if (wrongKeys.WaitOf(id) is { } wait)
        {
            throw new DisclosureRefusedException(DisclosureRefusal.TooManyWrongKeys) { Wait = wait };
        }

        if (order.Commitments!.IsOf(key))
        {
            return (order, order.Commitments);
        }

        wrongKeys.Add(id);
        metrics.Count(order.Facts.Category, DisclosureOutcome.WrongKey);
        DisclosureLog.KeyWrong(logger, by.Caller, by.Identity, id);
        throw new DisclosureRefusedException(DisclosureRefusal.KeyWrong);
    }

    private Disclosure InState(string id, DateTimeOffset now, params DisclosureState[] states)
    {
        var order = Known(id);
        var found = order.StateAt(now);
        return states.Contains(found) ? order : throw new DisclosureRefusedException(DisclosureRefusal.WrongState) { State = found };
    }

    // A name alone is not enough, nor a key alone: one person may have two names, and one name two certificates.
    private void ThrowIfSamePerson(Disclosure order, LedgerActor by)
    {
        var isKnown = order.OpenedBy.Key.Length > 0 && by.Key.Length > 0;
        if (isKnown && !order.IsOpenedBy(by))
        {
            return;
        }

        metrics.Count(order.Facts.Category, DisclosureOutcome.SamePerson);
        DisclosureLog.SamePerson(logger, by.Caller, by.Identity, order.Id);
        throw new DisclosureRefusedException(isKnown ? DisclosureRefusal.SamePerson : DisclosureRefusal.PersonUnknown);
    }
}
