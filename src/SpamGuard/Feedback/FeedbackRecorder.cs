using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Feedback;

/// <summary>Counts what became of events: by decision token in the event's own epoch, or by address in the current one.</summary>
/// <remarks>
/// By token a record is only ever updated, never made, so that a late report can't bring back what was erased or has expired: where the
/// address' record is gone nothing is counted at any level. A failed challenge counts nothing: people fail them too.
/// </remarks>
internal sealed class FeedbackRecorder(
    ISignalStore store,
    EpochKeeper epochs,
    StoreClock clock,
    DecisionTokens tokens,
    TrafficAggregates aggregates,
    PolicySource policies,
    FeedbackMetrics metrics)
{
    /// <summary>Counts an outcome by the decision token of its event.</summary>
    /// <param name="decisionToken">The token.</param>
    /// <param name="label">What became of the event.</param>
    /// <param name="reporter">Opaque digest of the person who reports, at most 256 bytes; stands for the account where the event named none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<FeedbackOutcome> ReportAsync(
        string decisionToken, OutcomeLabel label, ReadOnlyMemory<byte> reporter, CancellationToken cancellationToken)
    {
        switch (tokens.Open(decisionToken, out var decision))
        {
            case TokenState.Invalid:
                return FeedbackOutcome.TokenInvalid;
            case TokenState.Expired:
                return FeedbackOutcome.TokenExpired;
        }

        if (label == OutcomeLabel.ChallengeFailed)
        {
            metrics.Reported(label, decision!.Verdict, FeedbackOutcome.Recorded);
            return FeedbackOutcome.Recorded;
        }

        if (clock.IsSkewed)
        {
            return FeedbackOutcome.StoreUnavailable;
        }

        var address = decision!.Footprint.Subjects[0];
        if (address.Deadline <= clock.Now)
        {
            metrics.Reported(label, decision.Verdict, FeedbackOutcome.StateExpired);
            return FeedbackOutcome.StateExpired;
        }

        var items = Updates(decision, clock.Now);
        if (!decision.Footprint.HasAccount && !reporter.IsEmpty && epochs.Find(decision.AddressEpoch, clock.Now) is { } epoch)
        {
            items[0] = items[0] with { Member = epoch.Hasher.Members(reporter).In(SubjectKind.Address) };
        }

        var once = new ReportGuard(address.Current.Token, decision.Id, address.Deadline);
        var report = new ReportedEvent(items, label == OutcomeLabel.Spam, once);
        return await CountAsync(report, decision.Footprint.Kind, decision.Footprint.Wide, label, decision.Verdict, cancellationToken);
    }

    /// <summary>Counts an outcome by address, in the current epoch; makes records where there are none.</summary>
    /// <param name="kind">What the event was.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="account">Digest of its account; empty for none.</param>
    /// <param name="content">Digest of its content; empty for none.</param>
    /// <param name="label">What became of it.</param>
    /// <param name="reporter">As above.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<FeedbackOutcome> ReportAsync(
        EventKind kind,
        ClientAddress address,
        ReadOnlyMemory<byte> account,
        ReadOnlyMemory<byte> content,
        OutcomeLabel label,
        ReadOnlyMemory<byte> reporter,
        CancellationToken cancellationToken)
    {
        if (address.Scope == AddressScope.Unusable)
        {
            return FeedbackOutcome.UnusableAddress;
        }

        if (label == OutcomeLabel.ChallengeFailed)
        {
            metrics.Reported(label, verdict: null, FeedbackOutcome.Recorded);
            return FeedbackOutcome.Recorded;
        }

        if (clock.IsSkewed || epochs.Live(clock.Now) is not { } live)
        {
            return FeedbackOutcome.StoreUnavailable;
        }

        var footprint = EventFootprint.Of(kind, address, account, content, [], live.CurrentOnly, policies.Current.For(kind).Live);
        var items = new SubjectItem[footprint.Subjects.Length];
        for (var i = 0; i < items.Length; i++)
        {
            ref readonly var subject = ref footprint.Subjects[i];
            items[i] = new SubjectItem(subject.Current, default, subject.Deadline, MayCreate: true, subject.Member, 0, 0);
        }

        if (!footprint.HasAccount && !reporter.IsEmpty)
        {
            items[0] = items[0] with { Member = live.Current(RetentionClass.Address).Hasher.Members(reporter).In(SubjectKind.Address) };
        }

        return await CountAsync(new ReportedEvent(items, label == OutcomeLabel.Spam, Once: null), kind, footprint.Wide, label, verdict: null, cancellationToken);
    }

    // What has expired by now is left out: the store would refuse the whole report for it.
    private static SubjectItem[] Updates(Decision decision, long now) =>
    [
        .. decision.Footprint.Subjects
            .Where(subject => subject.Deadline > now)
            .Select(subject => new SubjectItem(subject.Current, default, subject.Deadline, MayCreate: false, subject.Member, 0, 0)),
    ];

    private async ValueTask<FeedbackOutcome> CountAsync(
        ReportedEvent report, EventKind kind, WidePrefix wide, OutcomeLabel label, Verdict? verdict, CancellationToken cancellationToken)
    {
        EventReply reply;
        try
        {
            reply = (await store.ReportAsync([report], cancellationToken))[0];
        }
        catch (StoreException)
        {
            return FeedbackOutcome.StoreUnavailable; // metered at the store
        }

        var outcome = reply.Status switch
        {
            ReplyStatus.Duplicate => FeedbackOutcome.Duplicate,
            ReplyStatus.Gone => FeedbackOutcome.StateExpired,
            _ => FeedbackOutcome.Applied,
        };
        if (outcome == FeedbackOutcome.Applied)
        {
            aggregates.CountReport(wide, RegionUnits(report, reply), kind == EventKind.Message, report.Spam, reply.Now);
        }

        metrics.Reported(label, verdict, outcome);
        return outcome;
    }

    // The wide level counts what the region counts; the store answers what was there before, and the update is the same here.
    private static int RegionUnits(ReportedEvent report, EventReply reply)
    {
        for (var i = 0; i < report.Items.Length; i++)
        {
            if (report.Items[i].Current.Kind == SubjectKind.Region)
            {
                var region = reply.Records[i].Current;
                return region.Exists || report.Items[i].MayCreate ? region.CountReport(reply.Now, report.Items[i].Member, report.Spam) : 0;
            }
        }

        return 0;
    }
}
