using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpamGuard.Desk.Audit;

/// <summary>Audits at once and then once a period. Several processes may: what one deletes, another does not find.</summary>
internal sealed partial class AuditService(
    RetentionAuditor auditor, AuditMetrics metrics, LastAudit last, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditService> logger) : BackgroundService
{
    private string _wrong = string.Empty;
    private string _unknown = string.Empty;
    private bool _incomplete;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Period, time);
        try
        {
            do
            {
                var report = await auditor.RunAsync(dryRun: false, stoppingToken);
                var now = time.GetUtcNow();
                metrics.Passed(report, now);
                last.Passed(report, now);
                Tell(report);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Between two pages or two passes: nothing is half done.
        }
    }

    private void Tell(AuditReport report)
    {
        if (KeyFaults.All.Any(fault => report.Found(fault) > 0))
        {
            Log.Violated(
                logger,
                report.Found(KeyFault.WithoutTtl),
                report.Found(KeyFault.OverCap),
                report.Found(KeyFault.UnknownKind),
                string.Join(", ", report.Tallies.Where(static tally => KeyFaults.All.Any(fault => tally.Found(fault) > 0)).Select(Kind)),
                KeyFaults.All.Sum(report.Deleted),
                report.Remaining);
        }

        TellSettings(report);
        if (report.Refusals.Count > 0)
        {
            Log.Refused(logger, string.Join("; ", report.Refusals));
        }

        if (!report.IsComplete && !_incomplete)
        {
            Log.Incomplete(logger, report.Visits.Count(static visit => visit.Problem is null), report.Visits.Count + report.UnknownServers, Problems(report));
        }
        else if (report.IsComplete && _incomplete)
        {
            Log.Recovered(logger, report.Visits.Count);
        }

        _incomplete = !report.IsComplete;
    }

    /// <summary>At a change only: a setting stays as it is for long.</summary>
    private void TellSettings(AuditReport report)
    {
        var wrong = Settings(SettingState.Wrong, static finding => $"{finding.Setting.Name} is {string.Join(" and ", finding.Found.Select(static value => $"'{value}'"))}, must be {finding.Setting.Required}");
        var unknown = Settings(SettingState.Unknown, static finding => finding.Setting.Name);
        if (wrong.Length > 0 && !string.Equals(wrong, _wrong, StringComparison.Ordinal))
        {
            Log.Wrong(logger, wrong);
        }

        // Of a store that is away nothing is known, and that is another event.
        if (report.IsComplete && unknown.Length > 0 && !string.Equals(unknown, _unknown, StringComparison.Ordinal))
        {
            Log.Unknown(logger, unknown);
        }

        if (wrong.Length == 0 && unknown.Length == 0 && _wrong.Length + _unknown.Length > 0)
        {
            Log.Right(logger);
        }

        (_wrong, _unknown) = report.IsComplete ? (wrong, unknown) : (wrong.Length > 0 ? wrong : _wrong, _unknown);

        string Settings(SettingState state, Func<SettingFinding, string> text) =>
            string.Join("; ", report.Settings.Where(finding => finding.State == state).Select(text));
    }

    private static string Kind(KeyTally tally) => tally.Kind is { } kind ? $"sg:{kind.Letter}" : "of no kind";

    private static string Problems(AuditReport report) => string.Join(", ", report.Visits
        .Where(static visit => visit.Problem is not null)
        .Select(static visit => visit.Problem!.Value.Name())
        .Concat(report.UnknownServers > 0 ? ["not_named"] : Array.Empty<string>())
        .Distinct(StringComparer.Ordinal)
        .DefaultIfEmpty("no_master"));

    private static partial class Log
    {
        [LoggerMessage(EventIds.RetentionViolated, LogLevel.Error, "Keys that may not be in the store: {WithoutTtl} without a time to live, {OverCap} over their cap, {UnknownKind} of no kind (kinds: {Kinds}); {Deleted} were deleted, {Remaining} are still there.", EventName = "RetentionViolated")]
        public static partial void Violated(ILogger logger, long withoutTtl, long overCap, long unknownKind, string kinds, long deleted, long remaining);

        [LoggerMessage(EventIds.StoreSettingsWrong, LogLevel.Error, "Settings of the store are wrong, and what expires may live on: {Settings}.", EventName = "StoreSettingsWrong")]
        public static partial void Wrong(ILogger logger, string settings);

        [LoggerMessage(EventIds.StoreSettingsUnknown, LogLevel.Warning, "The store does not tell these settings, so nobody knows that they are right: {Settings}.", EventName = "StoreSettingsUnknown")]
        public static partial void Unknown(ILogger logger, string settings);

        [LoggerMessage(EventIds.StoreSettingsRight, LogLevel.Information, "The settings of the store are as they must be.", EventName = "StoreSettingsRight")]
        public static partial void Right(ILogger logger);

        [LoggerMessage(EventIds.StoreRefusedSomebody, LogLevel.Warning, "The store refused what nothing of ours asks for: {Refusals}.", EventName = "StoreRefusedSomebody")]
        public static partial void Refused(ILogger logger, string refusals);

        [LoggerMessage(EventIds.AuditIncomplete, LogLevel.Warning, "The audit is incomplete: {Whole} of {Servers} servers were seen whole ({Problems}).", EventName = "AuditIncomplete")]
        public static partial void Incomplete(ILogger logger, int whole, int servers, string problems);

        [LoggerMessage(EventIds.AuditRecovered, LogLevel.Information, "The audit is complete again: {Servers} servers.", EventName = "AuditRecovered")]
        public static partial void Recovered(ILogger logger, int servers);
    }
}
