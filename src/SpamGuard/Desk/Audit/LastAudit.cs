namespace SpamGuard.Desk.Audit;

/// <summary>What the last pass of this process' auditor found, for whoever reports it.</summary>
internal sealed class LastAudit
{
    private volatile AuditedAt? _last;

    /// <summary>The last pass; <c>null</c> before the first.</summary>
    public AuditedAt? Last => _last;

    /// <summary>A pass has ended.</summary>
    public void Passed(AuditReport report, DateTimeOffset time) => _last = new AuditedAt(report, time);
}

/// <summary>A pass that has ended.</summary>
/// <param name="Report">What it found.</param>
/// <param name="Time">When it ended.</param>
internal sealed record AuditedAt(AuditReport Report, DateTimeOffset Time);
