namespace SpamGuard.Tests.Architecture.Api;

/// <summary>Why a field of an answer may be there: what keeps an address or a list of subjects out of it. A field without one is a hole.</summary>
internal enum Why
{
    /// <summary>A message of ours, whose own fields are in the list.</summary>
    OwnFields,

    /// <summary>A number, a flag or one of an enumeration's names: what was judged, and not on whom.</summary>
    Judgement,

    /// <summary>A number rounded to a bucket or to days: too coarse to count by.</summary>
    Coarse,

    /// <summary>A name out of a set that code or policy fixes.</summary>
    FixedName,

    /// <summary>Sealed under a key that expires: noise to whoever holds it.</summary>
    Sealed,

    /// <summary>Drawn at random: it says nothing of anything.</summary>
    Drawn,

    /// <summary>A text of another caller, in which addresses were refused.</summary>
    Checked,

    /// <summary>A moment or a duration.</summary>
    Time,

    /// <summary>The operator's own configuration, which an address is no part of.</summary>
    Configuration,

    /// <summary>A count over all, or a hash of what is published: everybody may know it.</summary>
    Published,

    /// <summary>An error made where all errors are made; none quotes its input.</summary>
    Error,

    /// <summary>What is held on the one address that the caller has named, for the person behind it or by an order that two people have seen: counts, moments, and no name of anything.</summary>
    HeldOnTheNamed,

    /// <summary>A random number, which names something and tells nothing of whom it is about.</summary>
    RandomName,

    /// <summary>What an operator wrote, after every address in it was refused, and which of the operator's own callers that was.</summary>
    WrittenDown,

    /// <summary>One item for each of the caller's own, in their order.</summary>
    AnswerToEach,
}
