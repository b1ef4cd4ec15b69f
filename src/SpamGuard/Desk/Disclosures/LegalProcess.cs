namespace SpamGuard.Desk.Disclosures;

/// <summary>By what something is ordered. The gate treats all alike: these are for the report.</summary>
internal enum LegalProcess
{
    /// <summary>An order of a court.</summary>
    CourtOrder,

    /// <summary>A search warrant.</summary>
    Warrant,

    /// <summary>A production order.</summary>
    ProductionOrder,

    /// <summary>A subpoena.</summary>
    Subpoena,

    /// <summary>Mutual legal assistance between countries.</summary>
    MutualLegalAssistance,

    /// <summary>A request in an emergency.</summary>
    EmergencyRequest,

    /// <summary>Anything else, or nothing.</summary>
    Other,
}
