namespace SpamGuard.Desk.Disclosures;

/// <summary>What kind of authority orders something.</summary>
internal enum AuthorityType
{
    /// <summary>A court or a judge.</summary>
    Court,

    /// <summary>A public prosecutor.</summary>
    Prosecutor,

    /// <summary>Police.</summary>
    Police,

    /// <summary>An intelligence or security service.</summary>
    IntelligenceService,

    /// <summary>A regulator or another office of an administration.</summary>
    Administration,

    /// <summary>Anybody else.</summary>
    Other,
}
