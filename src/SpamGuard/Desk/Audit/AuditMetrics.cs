using Prometheus;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Audit;

/// <summary>What an operator sees of the auditor. Gauges are of the last complete pass; counters also hold what the auditor itself removed.</summary>
internal sealed class AuditMetrics
{
    private const string Salt = "salt";

    private readonly Gauge _withoutTtl;
    private readonly Gauge _overCap;
    private readonly Gauge _unknownKind;
    private readonly Gauge _foreign;
    private readonly Gauge _remaining;
    private readonly Gauge _expired;
    private readonly Gauge _persistent;
    private readonly Gauge _duration;
    private readonly Gauge _completed;
    private readonly Gauge _keys;
    private readonly Gauge _lives;
    private readonly Gauge _settings;
    private readonly Counter _found;
    private readonly Counter _deleted;
    private readonly Counter _passes;

    public AuditMetrics(IMetricFactory metrics)
    {
        _withoutTtl = metrics.CreateGauge("spamguard_keys_without_ttl", "Keys without a time to live that the last complete pass of the auditor met, deleted ones included.");
        _overCap = metrics.CreateGauge("spamguard_keys_over_cap", "Keys with longer to live than their kind may that the last complete pass met, deleted ones included.");
        _unknownKind = metrics.CreateGauge("spamguard_keys_of_unknown_kind", "Keys that begin like ours and are of no kind, which the last complete pass met.");
        _foreign = metrics.CreateGauge("spamguard_foreign_keys", "Keys of somebody else in the store, which the last complete pass met and left alone.");
        _remaining = metrics.CreateGauge("spamguard_faulty_keys_remaining", "Keys that may not be there and still were after the last pass.");
        _expired = metrics.CreateGauge("spamguard_expired_keys_present", "Expired keys in memory that the last complete pass met: freed on masters, still held by replicas.");
        _persistent = metrics.CreateGauge("spamguard_signal_store_persistent", "1 where the last pass could not tell that the store's memory reaches no disk, 0 where it could and before the first pass.");
        _duration = metrics.CreateGauge("spamguard_audit_duration_seconds", "How long the last pass took.");
        _completed = metrics.CreateGauge("spamguard_audit_completed_timestamp_seconds", "When the last complete pass ended; 0 before the first.");
        _keys = metrics.CreateGauge("spamguard_keys", "Keys on masters that the last complete pass counted.", ["kind"]);
        _lives = metrics.CreateGauge("spamguard_max_remaining_ttl_seconds", "The longest that a key has left to live, as the last complete pass met it.", ["class"]);
        _settings = metrics.CreateGauge("spamguard_store_setting", "1 for the state that the last pass found a setting of the store in.", ["setting", "state"]);
        _found = metrics.CreateCounter("spamguard_audit_faulty_keys_total", "Keys that may not be there, met by any pass.", ["fault"]);
        _deleted = metrics.CreateCounter("spamguard_audit_deleted_keys_total", "Keys that the auditor deleted.", ["fault"]);
        _passes = metrics.CreateCounter("spamguard_audit_passes_total", "Passes, by how they ended.", ["outcome"]);
        Prepare();
    }

    /// <summary>A pass ended.</summary>
    /// <param name="report">What it found.</param>
    /// <param name="now">When.</param>
    public void Passed(AuditReport report, DateTimeOffset now)
    {
        _passes.WithLabels(Name(report.Outcome)).Inc();
        _duration.Set(report.Duration.TotalSeconds);
        _remaining.Set(report.Remaining);
        foreach (var fault in KeyFaults.All)
        {
            _found.WithLabels(fault.Name()).Inc(report.Found(fault));
            _deleted.WithLabels(fault.Name()).Inc(report.Deleted(fault));
        }

        foreach (var finding in report.Settings)
        {
            foreach (var state in Enum.GetValues<SettingState>())
            {
                _settings.WithLabels(finding.Setting.Name, state.Name()).Set(finding.State == state ? 1 : 0);
            }
        }

        _persistent.Set(report.Settings.Any(static finding => finding.State != SettingState.Ok && StoreSettings.OfTheDisk.Contains(finding.Setting)) ? 1 : 0);
        if (report.IsComplete)
        {
            Completed(report, now);
        }
    }

    private void Completed(AuditReport report, DateTimeOffset now)
    {
        _completed.Set(now.ToUnixTimeSeconds());
        _withoutTtl.Set(report.Found(KeyFault.WithoutTtl));
        _overCap.Set(report.Found(KeyFault.OverCap));
        _unknownKind.Set(report.Found(KeyFault.UnknownKind));
        _foreign.Set(report.Foreign);
        _expired.Set(report.Expired);
        foreach (var kind in report.Tallies.Where(static tally => tally.Kind is not null).GroupBy(static tally => tally.Kind!.Letter))
        {
            _keys.WithLabels(kind.Key.ToString()).Set(kind.Sum(static tally => tally.Keys));
        }

        foreach (var lives in report.Tallies.Where(static tally => tally.Kind is not null).GroupBy(static tally => Class(tally.Kind!), StringComparer.Ordinal))
        {
            _lives.WithLabels(lives.Key).Set(lives.Max(static tally => tally.LargestRemaining) / 1000.0);
        }
    }

    private void Prepare()
    {
        foreach (var kind in Keys.KindsByClass)
        {
            _keys.WithLabels(kind.Letter.ToString()).Set(0);
            _lives.WithLabels(Class(kind)).Set(0);
        }

        foreach (var fault in KeyFaults.All)
        {
            _found.WithLabels(fault.Name()).Inc(0);
            _deleted.WithLabels(fault.Name()).Inc(0);
        }

        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            _passes.WithLabels(Name(outcome)).Inc(0);
        }

        foreach (var setting in StoreSettings.All)
        {
            foreach (var state in Enum.GetValues<SettingState>())
            {
                _settings.WithLabels(setting.Name, state.Name()).Set(0);
            }
        }
    }

    // Salts may live fifteen minutes longer than their class: among its records they would look like a violation.
    private static string Class(KeyKind kind) => kind.Letter == Keys.SaltLetter ? Salt : kind.Class.Name;

    private static string Name(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Clean => "clean",
        AuditOutcome.Violation => "violation",
        AuditOutcome.Incomplete => "incomplete",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a name."),
    };
}
