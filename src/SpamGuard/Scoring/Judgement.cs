using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>What the model said of an event, and what else its answer needs.</summary>
/// <param name="Evidence">What the policy in force found.</param>
/// <param name="Time">Unix second of the store's clock.</param>
internal readonly record struct Judgement(Evidence Evidence, long Time)
{
    /// <summary>Whether it is a test address' and nothing was looked at.</summary>
    public bool IsFixed { get; private init; }

    /// <summary>How much is known per level.</summary>
    public IReadOnlyList<LevelEvidence> Levels { get; private init; } = [];

    /// <summary>Units that the event added at its region.</summary>
    public int RegionUnits { get; private init; }

    /// <summary>What an operator says of a subject of the event; <c>null</c> where nobody says anything.</summary>
    public OperatorOverride? Override { get; private init; }

    /// <summary>The verdict that is given: the operator's, else the model's.</summary>
    public Verdict Verdict => Override?.Verdict ?? Evidence.Verdict;

    /// <summary>For THROTTLE and DENY.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Whether it is the answer to a retry.</summary>
    public bool Replayed { get; private init; }

    /// <summary>Whether the event was only looked at.</summary>
    public bool IsPreview { get; init; }

    /// <summary>What a candidate policy would have said; <c>null</c> where none is tried.</summary>
    public Verdict? ShadowVerdict { get; private init; }

    /// <summary>What would have been said if one signal in shadow counted, per signal; empty where none is in shadow.</summary>
    public IReadOnlyList<(SignalCode Signal, Verdict Verdict)> SignalShadows { get; private init; } = [];

    /// <summary>Identifies the decision, where a retry or an earlier token speaks of it too.</summary>
    public SubjectToken? DecisionId { get; init; }

    /// <summary>Whether everything that is known went into it.</summary>
    public Quality Quality { get; init; }

    /// <summary>Judges an event by what the store answered: pure.</summary>
    /// <param name="footprint">The event.</param>
    /// <param name="live">The epochs that it was hashed in.</param>
    /// <param name="reply">The store's answer.</param>
    /// <param name="wide">Counts of the event's /8 or IPv6 /24, as they were read before the call; a retry is judged by the first call's.</param>
    /// <param name="all">Counts over all messages, likewise.</param>
    /// <param name="rules">How events of its kind are judged, for real and in shadow.</param>
    /// <exception cref="StoreException">What an answered request left is not of the expected form.</exception>
    public static Judgement Of(EventFootprint footprint, LiveEpochs live, EventReply reply, FadingCounts wide, FadingCounts all, KindInForce rules)
    {
        var replayed = reply.Status == ReplyStatus.Replayed;
        var situation = replayed ? ReplayContext.Restore(footprint, reply) : footprint.Situate(reply.Now, reply.Records, wide, all);
        var evidence = SpamModel.Judge(situation, rules.Live);
        var shadow = rules.Candidate is { } candidate ? SpamModel.Judge(situation, candidate).Verdict : (Verdict?)null;
        var signals = SignalsInShadow(situation, rules);
        var levels = LevelEvidence.Of(footprint, live, situation);
        var regionUnits = situation.Count(); // this event counted, as the store has done
        return new Judgement(evidence, reply.Now)
        {
            Levels = levels,
            RegionUnits = regionUnits,
            RetryAfterSeconds = evidence.Verdict >= Verdict.Throttle ? RetryAfter.Seconds(situation, footprint.ExpireTime, rules.Live) : null,
            Replayed = replayed,
            ShadowVerdict = shadow,
            SignalShadows = signals,
        };
    }

    /// <summary>The fixed judgement of a test address.</summary>
    public static Judgement Fixed(in Evidence evidence, long now) => new(evidence, now)
    {
        IsFixed = true,
        RetryAfterSeconds = evidence.Verdict >= Verdict.Throttle ? TestVerdicts.RetryAfterSeconds : null,
    };

    /// <summary>The same, answered without the store. It is no measure of a candidate: nothing is compared in shadow.</summary>
    /// <param name="verdict">What the failure policy makes of it.</param>
    /// <param name="retryAfterSeconds">For THROTTLE and DENY.</param>
    public Judgement WithoutStore(Verdict verdict, long? retryAfterSeconds) => this with
    {
        Evidence = Evidence with { Verdict = verdict },
        RetryAfterSeconds = retryAfterSeconds,
        Quality = Quality.Degraded,
        ShadowVerdict = null,
        SignalShadows = [],
    };

    /// <summary>The same, where an operator says what the verdict is. Probability, reasons and what is compared in shadow stay the model's.</summary>
    /// <param name="said">What is said; <c>null</c> for nothing.</param>
    /// <param name="now">Unix second of the store's clock.</param>
    public Judgement Under(OperatorOverride? said, long now) => said is null ? this : this with
    {
        Override = said,
        RetryAfterSeconds = said.Verdict >= Verdict.Throttle ? Math.Max(1, said.ExpireTime - now) : null,
    };

    /// <summary>The answer, with its reasons.</summary>
    public Assessment Answer(EventFootprint footprint, LiveEpochs live, string caller, AddressScope scope, string revision)
    {
        var reasons = IsFixed ? [new Reason(ReasonCodes.TestAddress, Evidence.LogOdds)] : Evidence.Reasons();
        if (scope == AddressScope.Private)
        {
            reasons = [.. reasons, new Reason(ReasonCodes.PrivateAddress, 0)];
        }

        if (Quality == Quality.Degraded)
        {
            reasons = [.. reasons, new Reason(ReasonCodes.StoreAway, 0)];
        }

        if (Override is not null)
        {
            reasons = [.. reasons, new Reason(ReasonCodes.OperatorOverride, 0)];
        }

        return new Assessment(footprint, live, caller, DecisionId)
        {
            Time = Time,
            Verdict = Verdict,
            SpamProbability = Evidence.Probability,
            Reasons = reasons,
            RetryAfterSeconds = RetryAfterSeconds,
            PolicyRevision = revision,
            Replayed = Replayed,
            IsPreview = IsPreview,
            Evidence = Levels,
            Quality = Quality,
            ShadowVerdict = ShadowVerdict,
        };
    }

    private static (SignalCode Signal, Verdict Verdict)[] SignalsInShadow(in Situation situation, KindInForce rules)
    {
        if (rules.ShadowedSignals.Count == 0)
        {
            return [];
        }

        var found = new (SignalCode, Verdict)[rules.ShadowedSignals.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var (signal, policy) = rules.ShadowedSignals[i];
            found[i] = (signal, SpamModel.Judge(situation, policy).Verdict);
        }

        return found;
    }
}
