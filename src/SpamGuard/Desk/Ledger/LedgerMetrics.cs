using Prometheus;

namespace SpamGuard.Desk.Ledger;

/// <summary>What is measured of the ledger.</summary>
internal sealed class LedgerMetrics
{
    private readonly Counter _entries;
    private readonly Counter _failures;
    private readonly Gauge _open;
    private readonly Gauge _unknown;
    private readonly Gauge _verified;
    private readonly Gauge _sound;

    /// <summary>Makes the instruments.</summary>
    public LedgerMetrics(IMetricFactory metrics)
    {
        _entries = metrics.CreateCounter("spamguard_ledger_entries_total", "Entries of the ledger, those of earlier runs included.");
        _failures = metrics.CreateCounter("spamguard_ledger_write_failures_total", "Entries that could not be written.");
        _open = metrics.CreateGauge("spamguard_ledger_open_intents", "Acts that are begun and have no outcome yet.");
        _unknown = metrics.CreateGauge("spamguard_ledger_unknown_outcomes", "Acts of the last seven days of which nobody knows whether they were done.");
        _verified = metrics.CreateGauge("spamguard_ledger_verified_timestamp_seconds", "When the whole ledger was last found to be as it must be; 0 before the first time.");
        _sound = metrics.CreateGauge("spamguard_ledger_sound", "1 while the ledger is as it must be as far as known, 0 once it was found not to be: no act is begun any more.");
        _sound.Set(1);
    }

    /// <summary>The ledger has so many entries.</summary>
    public void Has(long entries) => _entries.IncTo(entries);

    /// <summary>An entry could not be written.</summary>
    public void WriteFailed() => _failures.Inc();

    /// <summary>So many acts are begun and not over.</summary>
    public void Open(int acts) => _open.Set(acts);

    /// <summary>Of so many acts of late the outcome is unknown.</summary>
    public void Unknown(int acts) => _unknown.Set(acts);

    /// <summary>The whole ledger was found to be as it must be.</summary>
    public void Verified(DateTimeOffset time) => _verified.SetToTimeUtc(time);

    /// <summary>Nothing is entered any more. There is no way back but a restart.</summary>
    public void Unsound() => _sound.Set(0);
}
