using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Signals;
using Wire = SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>Writes answers in the words of the wire.</summary>
internal static class ResponseMapper
{
    private const int CountBuckets = 4;
    private const int KnownDays = 64; // longer than any record lives
    private static readonly Wire.LevelEvidence?[] Known = new Wire.LevelEvidence?[SubjectKinds.Count * CountBuckets * CountBuckets * CountBuckets * KnownDays];

    /// <summary>Writes an assessment, or fails with the reason why there is none.</summary>
    public static Wire.Assessment Assessment(ScoreOutcome outcome) =>
        outcome.Assessment is { } assessment ? Assessment(assessment) : throw Errors.Of(outcome.Failure).ToRpcException();

    /// <summary>Writes what became of one event of a batch.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="place">Its place in the batch.</param>
    public static Wire.ScoreBatchResult BatchResult(ScoreOutcome outcome, int place) => outcome.Assessment is { } assessment
        ? new Wire.ScoreBatchResult { Assessment = Assessment(assessment) }
        : new Wire.ScoreBatchResult { Status = Errors.Of(outcome.Failure, RequestMapper.Path(place)) };

    /// <summary>Writes a decision.</summary>
    public static Wire.ExplainResponse Explanation(Decision decision)
    {
        var response = new Wire.ExplainResponse
        {
            DecisionTime = new Timestamp { Seconds = decision.Time },
            Kind = Kind(decision.Footprint.Kind),
            Verdict = Verdict(decision.Verdict),
            SpamProbability = decision.SpamProbability,
            PolicyRevision = decision.PolicyRevision,
        };
        Add(response.Reasons, decision.Reasons);
        return response;
    }

    /// <summary>Writes what a report did, or fails with the reason why it did nothing.</summary>
    public static Wire.ReportOutcomeResponse Report(FeedbackOutcome outcome) => new()
    {
        Applied = outcome == FeedbackOutcome.Applied,
        Result = outcome switch
        {
            FeedbackOutcome.Applied => Wire.ReportResult.Applied,
            FeedbackOutcome.Recorded => Wire.ReportResult.Recorded,
            FeedbackOutcome.Duplicate => Wire.ReportResult.Duplicate,
            FeedbackOutcome.StateExpired => Wire.ReportResult.StateExpired,
            FeedbackOutcome.Untrusted => Wire.ReportResult.Untrusted,
            _ => throw Errors.Of(outcome).ToRpcException(),
        },
    };

    /// <summary>Writes a verdict.</summary>
    public static Wire.Verdict Verdict(Verdict verdict) => verdict switch
    {
        Policies.Verdict.Allow => Wire.Verdict.Allow,
        Policies.Verdict.Challenge => Wire.Verdict.Challenge,
        Policies.Verdict.Throttle => Wire.Verdict.Throttle,
        Policies.Verdict.Deny => Wire.Verdict.Deny,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, message: null),
    };

    /// <summary>Writes a kind of subject.</summary>
    public static Wire.SubjectLevel Level(SubjectKind kind) => kind switch
    {
        SubjectKind.Address => Wire.SubjectLevel.Address,
        SubjectKind.Network => Wire.SubjectLevel.Network,
        SubjectKind.Region => Wire.SubjectLevel.Region,
        SubjectKind.Account => Wire.SubjectLevel.Account,
        SubjectKind.Content => Wire.SubjectLevel.Content,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    private static Wire.Assessment Assessment(Assessment source)
    {
        var assessment = new Wire.Assessment
        {
            DecisionToken = source.DecisionToken,
            Verdict = Verdict(source.Verdict),
            SpamProbability = source.SpamProbability,
            Quality = source.Quality == Quality.Full ? Wire.Quality.Full : Wire.Quality.Degraded,
            ExpireTime = new Timestamp { Seconds = source.ExpireTime },
            PolicyRevision = source.PolicyRevision,
            Replayed = source.Replayed,
        };
        if (source.ShadowVerdict is { } shadow)
        {
            assessment.ShadowVerdict = Verdict(shadow);
        }

        if (source.RetryAfterSeconds is { } seconds)
        {
            assessment.RetryAfter = new Duration { Seconds = seconds };
        }

        Add(assessment.Reasons, source.Reasons);
        assessment.Evidence.Capacity = source.Evidence.Count;
        for (var i = 0; i < source.Evidence.Count; i++)
        {
            assessment.Evidence.Add(Evidence(source.Evidence[i]));
        }

        return assessment;
    }

    private static void Add(RepeatedField<Wire.Reason> destination, IReadOnlyList<Reason> reasons)
    {
        destination.Capacity = reasons.Count;
        for (var i = 0; i < reasons.Count; i++)
        {
            destination.Add(new Wire.Reason { Code = reasons[i].Code, Weight = reasons[i].Weight });
        }
    }

    // The same few hundred come again and again: made once, shared by all answers, and never written to.
    private static Wire.LevelEvidence Evidence(LevelEvidence source)
    {
        var at = (int)source.Level;
        foreach (var count in (ReadOnlySpan<CountBucket>)[source.Units, source.SpamReports, source.LegitimateReports])
        {
            at = (at * CountBuckets) + (int)count;
        }

        return source.OldestDays < KnownDays ? Known[(at * KnownDays) + source.OldestDays] ??= Made(source) : Made(source);
    }

    private static Wire.LevelEvidence Made(LevelEvidence source) => new()
    {
        Level = Level(source.Level),
        Units = Bucket(source.Units),
        SpamReports = Bucket(source.SpamReports),
        LegitimateReports = Bucket(source.LegitimateReports),
        OldestDays = source.OldestDays,
    };

    private static Wire.CountBucket Bucket(CountBucket bucket) => bucket switch
    {
        CountBucket.None => Wire.CountBucket.None,
        CountBucket.Few => Wire.CountBucket.Few,
        CountBucket.Some => Wire.CountBucket.Some,
        CountBucket.Many => Wire.CountBucket.Many,
        _ => throw new ArgumentOutOfRangeException(nameof(bucket), bucket, message: null),
    };

    private static Wire.EventKind Kind(EventKind kind) => kind switch
    {
        EventKind.SignUp => Wire.EventKind.SignUp,
        EventKind.Message => Wire.EventKind.Message,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };
}
