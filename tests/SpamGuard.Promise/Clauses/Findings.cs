namespace SpamGuard.Promise.Clauses;

/// <summary>What a clause measured.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<Finding> All => _all;

    /// <summary>Something was looked at, and all of it is as promised. Who looked at nothing has proved nothing.</summary>
    public bool Hold => _all.Count > 0 && _all.TrueForAll(static finding => finding.Holds);

    /// <summary>A fact that must be so.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="fact">What was measured, in figures; no text of an address.</param>
    public void Must(bool holds, string fact) => _all.Add(new Finding(holds, fact));
}

/// <summary>One measured fact.</summary>
/// <param name="Holds">Whether it is as promised.</param>
/// <param name="Fact">What was measured.</param>
internal sealed record Finding(bool Holds, string Fact);
