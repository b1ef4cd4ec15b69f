using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.V1;

namespace SpamGuard.Client.Resilience;

/// <summary>Knows since when calls get no verdict, and so which one there is instead.</summary>
internal sealed partial class Outage(IOptions<SpamGuardClientOptions> options, TimeProvider time, ILogger<Outage> logger)
{
    /// <summary>So many verdicts in a row tell, also where calls are rare, that it is not one server of a few that gives them.</summary>
    private const int Recovered = 10;

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<EventKind> _over = [];
    private long? _since;
    private long _last;
    private int _answers;
    private volatile bool _isAway;
    private FallbackCause _told;
    private long? _toldOfQuota;

    /// <summary>The service gave a verdict. The outage is over once no call has been without one for a while: one server of several that answers is no service that is back.</summary>
    public void Answered()
    {
        if (!_isAway)
        {
            return; // as nearly always: no lock
        }

        lock (_gate)
        {
            _answers = Math.Min(_answers + 1, Recovered);
            EndIfOver();
        }
    }

    /// <summary>The service gave none: the verdict instead, and whether the grace is over.</summary>
    public (Verdict Verdict, bool IsGraceOver) Verdict(EventKind kind, FallbackCause cause)
    {
        var fallback = options.Value.FallbackOf(kind);
        lock (_gate)
        {
            EndIfOver();
            _last = time.GetTimestamp();
            _since ??= _last;
            (_isAway, _answers) = (true, 0);
            Tell(kind, cause, fallback);
            var isOver = time.GetElapsedTime(_since.Value) >= fallback.Grace;
            if (isOver && _over.Add(kind))
            {
                Log.GraceOver(logger, kind, (long)fallback.Grace.TotalSeconds, fallback.VerdictAfterGrace);
            }

            return (isOver ? fallback.VerdictAfterGrace : fallback.Verdict, isOver);
        }
    }

    /// <summary>The service is there, and refused a call that was over this caller's quota: the verdict of after the grace, at once, or whoever sends enough would be let in.</summary>
    public Verdict OverQuota(EventKind kind)
    {
        var fallback = options.Value.FallbackOf(kind);
        lock (_gate)
        {
            if (_toldOfQuota is not { } told || time.GetElapsedTime(told) >= BetweenWarnings)
            {
                _toldOfQuota = time.GetTimestamp();
                Log.OverQuota(logger, options.Value.Address!, kind, fallback.VerdictAfterGrace);
            }
        }

        return fallback.VerdictAfterGrace;
    }

    private void EndIfOver()
    {
        if (_since is not { } since || _answers < Recovered || time.GetElapsedTime(_last) < options.Value.OutageRecovery)
        {
            return;
        }

        Log.Back(logger, (long)time.GetElapsedTime(since, _last).TotalSeconds);
        (_since, _isAway, _told) = (null, false, FallbackCause.None);
        _over.Clear();
    }

    // Once an outage and cause, not once a call.
    private void Tell(EventKind kind, FallbackCause cause, FallbackOptions fallback)
    {
        if (cause == FallbackCause.Refused && _told != FallbackCause.Refused)
        {
            _told = cause;
            Log.Refused(logger, options.Value.Address!);
        }
        else if (_told == FallbackCause.None)
        {
            _told = cause;
            Log.Away(logger, options.Value.Address!, cause, kind, fallback.Verdict);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "SpamGuard at {Address} gave no verdict ({Cause}): from now on {Kind} events get the fallback verdict {Verdict}", EventName = nameof(Away))]
        public static partial void Away(ILogger logger, Uri address, FallbackCause cause, EventKind kind, Verdict verdict);

        [LoggerMessage(2, LogLevel.Error, "SpamGuard at {Address} refuses this caller: look at its certificate and its roles there. Events get the fallback verdict", EventName = nameof(Refused))]
        public static partial void Refused(ILogger logger, Uri address);

        [LoggerMessage(3, LogLevel.Error, "SpamGuard has given some calls or all no verdict for longer than the grace of {Kind} events, {Grace} s: those get {Verdict} from now on", EventName = nameof(GraceOver))]
        public static partial void GraceOver(ILogger logger, EventKind kind, long grace, Verdict verdict);

        [LoggerMessage(4, LogLevel.Information, "SpamGuard answers again, after {Seconds} s of calls without a verdict", EventName = nameof(Back))]
        public static partial void Back(ILogger logger, long seconds);

        [LoggerMessage(5, LogLevel.Warning, "SpamGuard at {Address} refuses calls that are over this caller's quota: their {Kind} events get {Verdict}. Told once a minute; raise the quota there, or ask less", EventName = nameof(OverQuota))]
        public static partial void OverQuota(ILogger logger, Uri address, EventKind kind, Verdict verdict);
    }
}
