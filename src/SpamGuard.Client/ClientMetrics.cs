using System.Diagnostics;
using System.Diagnostics.Metrics;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>The instruments of the meter <see cref="SpamGuardClientOptions.MeterName"/>. No tag holds anything of an event but its kind.</summary>
internal sealed class ClientMetrics : IDisposable
{
    private static readonly TagList None = [];

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _assessments;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _hedges;
    private volatile bool _isOpen;

    /// <summary>Makes them.</summary>
    /// <param name="factory">The application's; <c>null</c> where it has none.</param>
    public ClientMetrics(IMeterFactory? factory = null)
    {
        var options = new MeterOptions(SpamGuardClientOptions.MeterName);
        _meter = factory?.Create(options) ?? new Meter(options);
        _duration = _meter.CreateHistogram(
            "spamguard.client.call.duration",
            "s",
            "How long a logical call took, retries included, by method and outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .06, .1, .25, .5, 1, 2.5] });
        _assessments = _meter.CreateCounter<long>("spamguard.client.assessments", "{assessment}", "Verdicts given to the application, by kind, verdict and source.");
        _fallbacks = _meter.CreateCounter<long>("spamguard.client.fallbacks", "{assessment}", "Verdicts that the service did not give, by kind, cause and whether the grace was over.");
        _retries = _meter.CreateCounter<long>("spamguard.client.retries", "{attempt}", "Calls sent again because a server was unavailable.");
        _hedges = _meter.CreateCounter<long>("spamguard.client.hedges", "{attempt}", "Previews asked once more because the first answer was slow or none.");
        _ = _meter.CreateObservableGauge("spamguard.client.circuit.open", () => _isOpen ? 1 : 0, "{circuit}", "1 while the circuit breaker lets no call through, else 0.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    public void Called(string method, string outcome, TimeSpan took) =>
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("outcome", outcome));

    public void Assessed(EventKind kind, SpamGuardAssessment assessment)
    {
        var ofKind = new KeyValuePair<string, object?>("kind", Name(kind));
        _assessments.Add(1, ofKind, new("verdict", Name(assessment.Verdict)), new("source", assessment.Source == AssessmentSource.Service ? "service" : "fallback"));
        if (assessment.Source == AssessmentSource.Fallback)
        {
            _fallbacks.Add(1, ofKind, new("cause", Name(assessment.Cause)), new("grace_over", assessment.IsGraceOver));
        }
    }

    public static string Name(FallbackCause cause) => cause switch
    {
        FallbackCause.Deadline => "deadline",
        FallbackCause.Unavailable => "unavailable",
        FallbackCause.CircuitOpen => "circuit_open",
        FallbackCause.Refused => "refused",
        FallbackCause.OverQuota => "over_quota",
        FallbackCause.NotTaken => "not_taken",
        _ => "none",
    };

    public ValueTask RetriedAsync()
    {
        _retries.Add(1, None);
        return ValueTask.CompletedTask;
    }

    public ValueTask HedgedAsync()
    {
        _hedges.Add(1, None);
        return ValueTask.CompletedTask;
    }

    public ValueTask CircuitAsync(bool isOpen)
    {
        _isOpen = isOpen;
        return ValueTask.CompletedTask;
    }

    private static string Name(EventKind kind) => kind == EventKind.SignUp ? "sign_up" : "message";

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "allow",
        Verdict.Challenge => "challenge",
        Verdict.Throttle => "throttle",
        Verdict.Deny => "deny",
        _ => "other",
    };
}
