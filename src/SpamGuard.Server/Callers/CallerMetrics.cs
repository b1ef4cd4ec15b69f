using Prometheus;

namespace SpamGuard.Server.Callers;

/// <summary>What an operator sees of callers. No label names one: their number is not bounded by us.</summary>
internal sealed class CallerMetrics
{
    private readonly Counter.Child[] _refused;
    private readonly Counter _reloads;
    private readonly Gauge _rejected;
    private readonly Gauge _expires;
    private readonly Gauge _callers;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public CallerMetrics(IMetricFactory metrics)
    {
        var refused = metrics.CreateCounter("spamguard_calls_refused_total", "Calls, and events of batches, that were refused for who made them, and calls that stayed open and were ended for that, by the reason of the error.", ["reason"]);
        _refused = [.. Refusals.All.Select(one => refused.WithLabels(one.Reason()))];
        _reloads = metrics.CreateCounter("spamguard_caller_reloads_total", "Times that the files of certificates, of callers or of who is denied held something else, by what became of it.", ["files", "result"]);
        _rejected = metrics.CreateGauge("spamguard_caller_files_rejected", "1 while these files can't be used and earlier ones are in force.", ["files"]);
        foreach (var files in Enum.GetValues<CallerFiles>())
        {
            _reloads.WithLabels(Name(files), "applied");
            _reloads.WithLabels(Name(files), "rejected");
            _rejected.WithLabels(Name(files));
        }

        _expires = metrics.CreateGauge("spamguard_server_certificate_expires_timestamp_seconds", "Unix time at which the server's certificate is over; 0 where there is none.");
        _callers = metrics.CreateGauge("spamguard_callers", "Callers that are configured.");
    }

    /// <summary>A call, or an event of a batch, was refused.</summary>
    public void Refused(Refusal refusal) => _refused[(int)refusal].Inc();

    /// <summary>Settings are in force.</summary>
    public void InForce(CallerSettings settings)
    {
        _callers.Set(settings.Callers.Count);
        _expires.Set(settings.Tls?.Expires.ToUnixTimeSeconds() ?? 0);
    }

    /// <summary>Changed files are in force.</summary>
    public void Applied(CallerFiles files)
    {
        _reloads.WithLabels(Name(files), "applied").Inc();
        _rejected.WithLabels(Name(files)).Set(0);
    }

    /// <summary>Changed files can't be used.</summary>
    public void Rejected(CallerFiles files)
    {
        _reloads.WithLabels(Name(files), "rejected").Inc();
        _rejected.WithLabels(Name(files)).Set(1);
    }

    private static string Name(CallerFiles files) => files.ToString().ToLowerInvariant();
}
