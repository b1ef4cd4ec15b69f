namespace SpamGuard.Promise.Clauses;

/// <summary>What a clause measured.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<Finding> All => _all;

    /// <summary>What was not looked at, because it takes long and another clause is broken; <c>null</c> where all was.</summary>
    public string? Omitted { get; private set; }

    /// <summary>Something was looked at, and all of it is as promised. Who looked at nothing has proved nothing, and says so or fails.</summary>
    public bool Hold => (_all.Count > 0 || Omitted is not null) && _all.TrueForAll(static finding => finding.Holds);

    /// <summary>Leaves something out.</summary>
    /// <param name="what">What is not looked at.</param>
    public void Omit(string what) => Omitted = what;

    /// <summary>A fact that must be so.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="fact">What was measured, in figures; no text of an address.</param>
    public void Must(bool holds, string fact) => _all.Add(new Finding(holds, fact));
}

/// <summary>One measured fact.</summary>
/// <param name="Holds">Whether it is as promised.</param>
/// <param name="Fact">What was measured.</param>
internal sealed record Finding(bool Holds, string Fact);
