using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Feedback;

/// <summary>Counts what became of events: by decision token in the event's own epoch, or by address in the current one.</summary>
/// <remarks>
/// <para>By token a record is only ever updated, never made, so that a late report can't bring back what was erased or has expired: where the
/// address' record is gone nothing is counted at any level. A failed challenge counts nothing: people fail them too.</para>
/// <para>What makes a report count once is the person where one is named: once per address, label and epoch, however many decisions, accounts
/// or contents they report there. Else it is the decision, or for a report by address the request; a report by address with neither counts each
/// time. So one person can't condemn an address alone, and neither can a calling service that the policy does not trust.</para>
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
    /// <param name="report">What became of the event; a request id has no effect.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<FeedbackOutcome> ReportAsync(string decisionToken, OutcomeReport report, CancellationToken cancellationToken)
    {
        switch (tokens.Open(decisionToken, out var decision))
        {
            case TokenState.Invalid:
                return FeedbackOutcome.TokenInvalid;
            case TokenState.Expired:
                return FeedbackOutcome.TokenExpired;
            case TokenState.Unknown:
                return FeedbackOutcome.StoreUnavailable;
        }

        if (WithoutCounting(report, decision, policies.Current.Policy) is { } early)
        {
            return early;
        }

        if (clock.IsSkewed)
        {
            return FeedbackOutcome.StoreUnavailable;
        }

        var address = decision!.Footprint.Subjects[0];
        if (address.Deadline <= clock.Now)
        {
            metrics.Reported(report.Label, decision, FeedbackOutcome.StateExpired);
            return FeedbackOutcome.StateExpired;
        }

        var items = Updates(decision, clock.Now);
        var once = decision.Id;
        if (!report.Reporter.IsEmpty)
        {
            if (epochs.At(decision.AddressEpoch, decision.NetworkEpoch, clock.Now) is not { } then)
            {
                return epochs.Live(clock.Now) is null ? FeedbackOutcome.StoreUnavailable : FeedbackOutcome.TokenExpired; // since it was opened
            }

            once = NamePerson(report.Reporter, items, decision.Footprint, then);
        }

        return await CountAsync(report, items, once, decision.Footprint, decision, cancellationToken);
    }

    /// <summary>Counts an outcome by address, in the current epoch; makes records where there are none.</summary>
    /// <param name="kind">What the event was.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="account">Digest of its account; empty for none.</param>
    /// <param name="content">Digest of its content; empty for none.</param>
    /// <param name="report">What became of it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<FeedbackOutcome> ReportAsync(
        EventKind kind,
        ClientAddress address,
        ReadOnlyMemory<byte> account,
        ReadOnlyMemory<byte> content,
        OutcomeReport report,
        CancellationToken cancellationToken)
    {
        if (address.Scope == AddressScope.Unusable)
        {
            return FeedbackOutcome.UnusableAddress;
        }

        var policy = policies.Current;
        if (WithoutCounting(report, decision: null, policy.Policy) is { } early)
        {
            return early;
        }

        if (clock.IsSkewed || epochs.Live(clock.Now) is not { } live)
        {
            return FeedbackOutcome.StoreUnavailable;
        }

        var footprint = EventFootprint.Of(kind, address, account, content, [], live.CurrentOnly, policy.For(kind).Live);
        var items = Array.ConvertAll(footprint.Subjects, static subject => Reported(subject, mayCreate: true));
        SubjectToken? once = !report.Reporter.IsEmpty ? NamePerson(report.Reporter, items, footprint, live)
            : report.RequestId is { } id ? live.Current(RetentionClass.Address).Hasher.Report(report.Caller, id)
            : null;
        return await CountAsync(report, items, once, footprint, decision: null, cancellationToken);
    }

    // What a metric records, at most.
    private FeedbackOutcome? WithoutCounting(OutcomeReport report, Decision? decision, Policy policy)
    {
        if (!policy.TrustsReportsOf(report.Caller))
        {
            metrics.Untrusted();
            return FeedbackOutcome.Untrusted;
        }

        if (report.Label == OutcomeLabel.ChallengeFailed)
        {
            metrics.Reported(report.Label, decision, FeedbackOutcome.Recorded);
            return FeedbackOutcome.Recorded;
        }

        return null;
    }

    // What has expired by now is left out: the store would refuse the whole report for it.
    private static SubjectItem[] Updates(Decision decision, long now) =>
        [.. decision.Footprint.Subjects.Where(subject => subject.Deadline > now).Select(static subject => Reported(subject, mayCreate: false))];

    private static SubjectItem Reported(SubjectItem subject, bool mayCreate) =>
        new(subject.Current, default, subject.Deadline, mayCreate, subject.ReportedMember, 0, 0);

    // The person counts once per address by the key that is returned. In the record of an account, which has other addresses, the person is the
    // member; in that of the address only where there is no account.
    private static SubjectToken NamePerson(ReadOnlyMemory<byte> person, SubjectItem[] items, EventFootprint footprint, LiveEpochs epochs)
    {
        for (var i = 0; i < items.Length; i++)
        {
            var kind = items[i].Current.Kind;
            if (kind == SubjectKind.Account || (kind == SubjectKind.Address && !footprint.HasAccount))
            {
                items[i] = items[i] with { Member = epochs.Current(kind.Class()).Hasher.Members(person).In(kind) };
            }
        }

        return epochs.Current(RetentionClass.Address).Hasher.Reporter(person.Span);
    }

    private async ValueTask<FeedbackOutcome> CountAsync(
        OutcomeReport report, SubjectItem[] items, SubjectToken? once, EventFootprint footprint, Decision? decision, CancellationToken cancellationToken)
    {
        // Where it is said who reports, the person counts once in network, region and content too, by a key of each: else two neighbours would be two.
        var around = report.Reporter.IsEmpty ? [] : Array.FindAll(items, static item => IsAround(item.Current.Kind));
        var own = around.Length == 0 ? items : Array.FindAll(items, static item => !IsAround(item.Current.Kind));
        var guard = once is { } id ? new ReportGuard(footprint.Address, id, footprint.ExpireTime) : null;
        var reported = new ReportedEvent(own, report.Label == OutcomeLabel.Spam, guard);
        EventReply reply;
        try
        {
            reply = (await store.ReportAsync([reported], cancellationToken))[0];
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
            var units = around.Length == 0 ? RegionUnits(reported, reply) : await CountAroundAsync(reported with { Items = around }, cancellationToken);
            aggregates.CountReport(footprint.Wide, units, footprint.Kind == EventKind.Message, reported.Spam, reply.Now);
        }

        metrics.Reported(report.Label, decision, outcome);
        return outcome;
    }

    private static bool IsAround(SubjectKind kind) => kind is not (SubjectKind.Address or SubjectKind.Account);

    // Returns the units at the region. The report counts whatever becomes of this: it has been counted where it belongs.
    private async ValueTask<int> CountAroundAsync(ReportedEvent around, CancellationToken cancellationToken)
    {
        var reports = Array.ConvertAll(
            around.Items, item => around with { Items = [item], Once = around.Once! with { Address = item.Current.Token } });
        try
        {
            var replies = await store.ReportAsync(reports, cancellationToken);
            var units = 0;
            for (var i = 0; i < reports.Length; i++)
            {
                units += replies[i].Status == ReplyStatus.Counted ? RegionUnits(reports[i], replies[i]) : 0;
            }

            return units;
        }
        catch (StoreException)
        {
            return 0; // metered at the store
        }
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
