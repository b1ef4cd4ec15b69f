using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.V1;

namespace SpamGuard.Client.Resilience;

/// <summary>Knows since when nobody has answered, and so which verdict there is meanwhile.</summary>
internal sealed partial class Outage(IOptions<SpamGuardClientOptions> options, TimeProvider time, ILogger<Outage> logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<EventKind> _over = [];
    private long? _since;
    private volatile bool _isAway;
    private FallbackCause _told;

    /// <summary>How long nobody has answered.</summary>
    public TimeSpan Lasts
    {
        get
        {
            lock (_gate)
            {
                return _since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The service answered.</summary>
    public void Ended()
    {
        if (!_isAway)
        {
            return; // as nearly always: no lock
        }

        lock (_gate)
        {
            if (_since is not { } since)
            {
                return;
            }

            Log.Back(logger, (long)time.GetElapsedTime(since).TotalSeconds);
            (_since, _isAway, _told) = (null, false, FallbackCause.None);
            _over.Clear();
        }
    }

    /// <summary>The service did not answer: the verdict instead, and whether the grace is over.</summary>
    public (Verdict Verdict, bool IsGraceOver) Verdict(EventKind kind, FallbackCause cause)
    {
        var fallback = options.Value.FallbackOf(kind);
        lock (_gate)
        {
            _since ??= time.GetTimestamp();
            _isAway = true;
            Tell(kind, cause, fallback);
            var isOver = time.GetElapsedTime(_since.Value) >= fallback.Grace;
            if (isOver && _over.Add(kind))
            {
                Log.GraceOver(logger, kind, (long)fallback.Grace.TotalSeconds, fallback.VerdictAfterGrace);
            }

            return (isOver ? fallback.VerdictAfterGrace : fallback.Verdict, isOver);
        }
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

        [LoggerMessage(2, LogLevel.Error, "SpamGuard at {Address} refuses this caller: look at its certificate, its roles and its quota there. Events get the fallback verdict", EventName = nameof(Refused))]
        public static partial void Refused(ILogger logger, Uri address);

        [LoggerMessage(3, LogLevel.Error, "SpamGuard has given no verdict for longer than the grace of {Kind} events, {Grace} s: they get {Verdict} from now on", EventName = nameof(GraceOver))]
        public static partial void GraceOver(ILogger logger, EventKind kind, long grace, Verdict verdict);

        [LoggerMessage(4, LogLevel.Information, "SpamGuard answers again after {Seconds} s", EventName = nameof(Back))]
        public static partial void Back(ILogger logger, long seconds);
    }
}
