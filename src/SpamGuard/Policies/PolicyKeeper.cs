using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Policies.Files;

namespace SpamGuard.Policies;

/// <summary>Puts in force what a policy file says, whole or not at all: while the file can't be used, the last policy that could stays.</summary>
internal sealed partial class PolicyKeeper
{
    private readonly PolicySource _source;
    private readonly PolicyMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PolicyKeeper> _logger;
    private volatile PolicyStatus _status;

    /// <summary>Begins with the policy that the process started with.</summary>
    public PolicyKeeper(IOptions<PolicyOptions> options, PolicySource source, PolicyMetrics metrics, TimeProvider time, ILogger<PolicyKeeper> logger)
    {
        (_source, _metrics, _time, _logger) = (source, metrics, time, logger);
        _status = new PolicyStatus(source.Current, time.GetUtcNow(), IsOfFile: options.Value.First is not null, []);
        _metrics.InForce(source.Current.Revision, _status.LoadTime);
    }

    /// <summary>The policy in force and where it comes from.</summary>
    public PolicyStatus Status => _status;

    /// <summary>The file holds something else. Not concurrently.</summary>
    public void Take(PolicyFile file)
    {
        var old = _source.Current.Revision;
        if (file.Policy is not { } policy)
        {
            _status = _status with { Faults = file.Faults };
            _metrics.Rejected();
            Log.Rejected(_logger, old, string.Join(' ', file.Faults));
            return;
        }

        _source.Replace(policy);
        _status = new PolicyStatus(_source.Current, _time.GetUtcNow(), IsOfFile: true, []);
        _metrics.InForce(_source.Current.Revision, _status.LoadTime);
        _metrics.Applied();
        Log.Applied(_logger, old, _source.Current.Revision);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.PolicyApplied, LogLevel.Information, "The policy file was taken over: revision {Old} -> {New}", EventName = "PolicyApplied")]
        public static partial void Applied(ILogger logger, string old, string @new);

        [LoggerMessage(
            EventIds.PolicyRejected,
            LogLevel.Error,
            "The policy file can't be used, and revision {Revision} stays in force. {Faults}",
            EventName = "PolicyRejected")]
        public static partial void Rejected(ILogger logger, string revision, string faults);
    }
}
