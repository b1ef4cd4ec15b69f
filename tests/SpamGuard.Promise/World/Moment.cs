namespace SpamGuard.Promise.World;

/// <summary>When a sabotage may do something.</summary>
internal enum Moment
{
    /// <summary>The files are mounted; nothing runs.</summary>
    Mounted,

    /// <summary>The canaries went through every call; nothing has been looked at.</summary>
    Busy,

    /// <summary>All processes use the salts of the store; whether they still do is about to be looked at.</summary>
    SaltsInUse,

    /// <summary>An operator has decided about an address for some seconds; nothing has been looked at since.</summary>
    OverrideSet,

    /// <summary>A request was answered, and is about to be sent again.</summary>
    BeforeRetry,

    /// <summary>An address was erased; nothing has been looked at since.</summary>
    Erased,

    /// <summary>A person's address is known by records and reports, and is about to be erased.</summary>
    BeforeErasure,

    /// <summary>The salts are about to be rolled.</summary>
    BeforeRoll,

    /// <summary>The salts were rolled; nothing has been looked at since.</summary>
    Rolled,

    /// <summary>The desk was killed in the middle of an act, and is about to start again.</summary>
    DeskKilled,

    /// <summary>An order is approved, and about to be executed.</summary>
    OrderApproved,

    /// <summary>The order was executed, and is about to be once more.</summary>
    OrderExecuted,

    /// <summary>What the desk publishes is about to be looked at.</summary>
    FiguresAsked,

    /// <summary>In the fast epochs an address is known; nothing has been looked at.</summary>
    FastEpochBegun,

    /// <summary>The salts are there, and are about to end.</summary>
    SaltsEnding,

    /// <summary>The salts are gone; no process runs.</summary>
    SaltsGone,
}
