using System.Collections.Immutable;

namespace SpamGuard.Desk.Disclosures;

/// <summary>The gate refuses an act: nothing of it was done.</summary>
/// <param name="refusal">Why.</param>
internal sealed class DisclosureRefusedException(DisclosureRefusal refusal) : Exception(refusal.ToString())
{
    /// <summary>Why.</summary>
    public DisclosureRefusal Refusal { get; } = refusal;

    /// <summary>Where the order stands, for <see cref="DisclosureRefusal.WrongState"/>.</summary>
    public DisclosureState State { get; init; }

    /// <summary>What of the order can't be taken, for <see cref="DisclosureRefusal.OrderFaulty"/>.</summary>
    public ImmutableArray<OrderFault> Faults { get; init; } = [];

    /// <summary>How the addresses differ from those of the order, for <see cref="DisclosureRefusal.AddressesDiffer"/>.</summary>
    public NamedAddresses? Addresses { get; init; }

    /// <summary>When to try again, for <see cref="DisclosureRefusal.TooManyWrongKeys"/>.</summary>
    public TimeSpan Wait { get; init; }
}

/// <summary>Why the gate refuses an act.</summary>
internal enum DisclosureRefusal
{
    /// <summary>Something of the order can't be taken.</summary>
    OrderFaulty,

    /// <summary>Nothing is disclosed in this category.</summary>
    CategoryNotAllowed,

    /// <summary>As many orders are unconfirmed, pending or approved as may be.</summary>
    TooManyOrders,

    /// <summary>As many of them are of this person as may be.</summary>
    TooManyOrdersOfOne,

    /// <summary>There is no such disclosure.</summary>
    Unknown,

    /// <summary>The disclosure is not in the state that the act needs.</summary>
    WrongState,

    /// <summary>Somebody decides it at this moment.</summary>
    BeingDecided,

    /// <summary>The key is not the order's.</summary>
    KeyWrong,

    /// <summary>Too many keys were not the order's in the last minute.</summary>
    TooManyWrongKeys,

    /// <summary>Who opened it would approve it.</summary>
    SamePerson,

    /// <summary>Whether who would approve it opened it can't be told.</summary>
    PersonUnknown,

    /// <summary>The authority does not call it so.</summary>
    ReferenceDiffers,

    /// <summary>The addresses are not those of the order.</summary>
    AddressesDiffer,
}
