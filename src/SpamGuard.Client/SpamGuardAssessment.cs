using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>What is to be done with an event, and why.</summary>
public sealed class SpamGuardAssessment
{
    /// <summary>The code of the one reason of a fallback.</summary>
    public const string NoVerdict = "NO_VERDICT";

    private SpamGuardAssessment(Assessment answer, AssessmentSource source, FallbackCause cause, RpcException? failure, bool isGraceOver) =>
        (Answer, Source, Cause, Failure, IsGraceOver) = (answer, source, cause, failure, isGraceOver);

    /// <summary>What to do.</summary>
    public Verdict Verdict => Answer.Verdict;

    /// <summary>The probability of spam, from 0 to 1; <c>null</c> where the service gave none.</summary>
    public double? SpamProbability => Source == AssessmentSource.Service ? Answer.SpamProbability : null;

    /// <summary>What the probability is made of, strongest first; for a fallback <see cref="NoVerdict"/> alone.</summary>
    public IReadOnlyList<Reason> Reasons => Answer.Reasons;

    /// <summary>Names the decision, for at least 3.5 days: keep it with the account or the message, for reports, previews and appeals. <c>null</c> where the service gave none.</summary>
    public string? DecisionToken => Answer.DecisionToken is { Length: > 0 } token ? token : null;

    /// <summary>How long to wait before trying again, with <see cref="Verdict.Throttle"/> and <see cref="Verdict.Deny"/>, and for <see cref="FallbackCause.OverQuota"/> where the service says so.</summary>
    public TimeSpan? RetryAfter => Answer.RetryAfter?.ToTimeSpan();

    /// <summary>Who gave the verdict.</summary>
    public AssessmentSource Source { get; }

    /// <summary>Why the service gave none.</summary>
    public FallbackCause Cause { get; }

    /// <summary>Whether the service has been away for longer than the grace of the configuration.</summary>
    public bool IsGraceOver { get; }

    /// <summary>What the call failed with, where it failed by a status.</summary>
    public RpcException? Failure { get; }

    /// <summary>The answer, whole. A fallback's has a verdict, a reason and <see cref="Quality.Degraded"/>, for <see cref="FallbackCause.OverQuota"/> a time to wait, and nothing else.</summary>
    public Assessment Answer { get; }

    /// <summary>What the service answered.</summary>
    /// <param name="answer">Its answer.</param>
    public static SpamGuardAssessment OfService(Assessment answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new(answer, AssessmentSource.Service, FallbackCause.None, failure: null, isGraceOver: false);
    }

    /// <summary>A verdict without the service's.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="cause">Why there is none of the service.</param>
    /// <param name="failure">What the call failed with, where it failed by a status.</param>
    /// <param name="isGraceOver">Whether the service has been away for longer than the grace.</param>
    public static SpamGuardAssessment OfFallback(Verdict verdict, FallbackCause cause, RpcException? failure = null, bool isGraceOver = false) => new(
        new Assessment { Verdict = verdict, Quality = Quality.Degraded, Reasons = { new Reason { Code = NoVerdict } } },
        AssessmentSource.Fallback,
        cause,
        failure,
        isGraceOver);
}
