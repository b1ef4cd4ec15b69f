namespace SpamGuard.Desk.Transparency;

/// <summary>What has become of a request of an authority. Each has one of these at a time.</summary>
internal enum RequestAnswer
{
    /// <summary>No answer yet.</summary>
    Pending,

    /// <summary>Refused: by the gate itself, or by another person than who entered it.</summary>
    Rejected,

    /// <summary>Rejected by who entered it: whether the authority was refused is not known.</summary>
    Withdrawn,

    /// <summary>Executed; nothing was held any more.</summary>
    NothingHeld,

    /// <summary>Executed; something was held on some of the addresses.</summary>
    PartlyDisclosed,

    /// <summary>Executed; something was held on all of the addresses.</summary>
    FullyDisclosed,

    /// <summary>Its validity ended before anybody executed it.</summary>
    ExpiredUnexecuted,

    /// <summary>The process ended during the execution: nobody can say what was given out.</summary>
    OutcomeUnknown,
}
