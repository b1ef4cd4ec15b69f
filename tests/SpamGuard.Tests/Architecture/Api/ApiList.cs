using static SpamGuard.Tests.Architecture.Api.Why;

namespace SpamGuard.Tests.Architecture.Api;

/// <summary>
/// Every field that an answer can hold, and every text or bytes that a request can. A new field fails the build until somebody has looked at it
/// and put it here.
/// </summary>
internal static class ApiList
{
    /// <summary>Fields of answers: type, and why no address and no list of subjects can stand there.</summary>
    public static IReadOnlyDictionary<string, (string Type, Why Why)> Answers { get; } = new Dictionary<string, (string, Why)>(StringComparer.Ordinal)
    {
        ["ScoreResponse.assessment"] = ("spamguard.v1.Assessment", OwnFields),
        ["ScoreBatchResponse.results"] = ("repeated spamguard.v1.ScoreBatchResult", AnswerToEach),
        ["ScoreBatchResult.assessment"] = ("spamguard.v1.Assessment", OwnFields),
        ["ScoreBatchResult.status"] = ("google.rpc.Status", Error),
        ["PreviewResponse.assessment"] = ("spamguard.v1.Assessment", OwnFields),
        ["Assessment.decision_token"] = ("string", Sealed),
        ["Assessment.verdict"] = ("spamguard.v1.Verdict", Judgement),
        ["Assessment.spam_probability"] = ("double", Judgement),
        ["Assessment.reasons"] = ("repeated spamguard.v1.Reason", OwnFields),
        ["Assessment.retry_after"] = ("google.protobuf.Duration", Time),
        ["Assessment.quality"] = ("spamguard.v1.Quality", Judgement),
        ["Assessment.shadow_verdict"] = ("spamguard.v1.Verdict", Judgement),
        ["Assessment.expire_time"] = ("google.protobuf.Timestamp", Time),
        ["Assessment.policy_revision"] = ("string", FixedName),
        ["Assessment.replayed"] = ("bool", Judgement),
        ["Assessment.evidence"] = ("repeated spamguard.v1.LevelEvidence", OwnFields),
        ["Reason.code"] = ("string", FixedName),
        ["Reason.weight"] = ("double", Judgement),
        ["LevelEvidence.level"] = ("spamguard.v1.SubjectLevel", Judgement),
        ["LevelEvidence.units"] = ("spamguard.v1.CountBucket", Coarse),
        ["LevelEvidence.spam_reports"] = ("spamguard.v1.CountBucket", Coarse),
        ["LevelEvidence.legitimate_reports"] = ("spamguard.v1.CountBucket", Coarse),
        ["LevelEvidence.oldest_days"] = ("int32", Coarse),
        ["ExplainResponse.decision_time"] = ("google.protobuf.Timestamp", Time),
        ["ExplainResponse.kind"] = ("spamguard.v1.EventKind", Judgement),
        ["ExplainResponse.verdict"] = ("spamguard.v1.Verdict", Judgement),
        ["ExplainResponse.spam_probability"] = ("double", Judgement),
        ["ExplainResponse.reasons"] = ("repeated spamguard.v1.Reason", OwnFields),
        ["ExplainResponse.policy_revision"] = ("string", FixedName),
        ["ReportOutcomeResponse.applied"] = ("bool", Judgement),
        ["ReportOutcomeResponse.result"] = ("spamguard.v1.ReportResult", Judgement),
        ["PolicyServiceGetResponse.policy_revision"] = ("string", FixedName),
        ["PolicyServiceGetResponse.load_time"] = ("google.protobuf.Timestamp", Time),
        ["PolicyServiceGetResponse.source"] = ("spamguard.v1.PolicySource", Judgement),
        ["PolicyServiceGetResponse.policy"] = ("google.protobuf.Struct", Configuration),
        ["PolicyServiceGetResponse.candidate"] = ("google.protobuf.Struct", Configuration),
        ["PolicyServiceGetResponse.faults"] = ("repeated spamguard.v1.PolicyFault", Configuration),
        ["PolicyFault.line"] = ("int32", Configuration),
        ["PolicyFault.path"] = ("string", Configuration),
        ["PolicyFault.description"] = ("string", Configuration),
        ["InspectResponse.epochs"] = ("repeated spamguard.v1.HeldEpoch", OwnFields),
        ["InspectResponse.read_time"] = ("google.protobuf.Timestamp", Time),
        ["InspectResponse.significant_bits"] = ("int32", Judgement),
        ["HeldEpoch.start_time"] = ("google.protobuf.Timestamp", Time),
        ["HeldEpoch.record"] = ("spamguard.v1.AddressRecord", OwnFields),
        ["HeldEpoch.reports"] = ("spamguard.v1.RememberedReports", OwnFields),
        ["AddressRecord.expire_time"] = ("google.protobuf.Timestamp", Time),
        ["AddressRecord.last_seen_day"] = ("google.protobuf.Timestamp", Time),
        ["AddressRecord.first_seen_day"] = ("google.protobuf.Timestamp", Time),
        ["AddressRecord.units"] = ("int32", HeldOnTheNamed),
        ["AddressRecord.units_day_before"] = ("int32", HeldOnTheNamed),
        ["AddressRecord.units_before"] = ("int32", HeldOnTheNamed),
        ["AddressRecord.spam_reports"] = ("int32", HeldOnTheNamed),
        ["AddressRecord.legitimate_reports"] = ("int32", HeldOnTheNamed),
        ["AddressRecord.members"] = ("spamguard.v1.DistinctMembers", OwnFields),
        ["AddressRecord.fast_burst_end_time"] = ("google.protobuf.Timestamp", Time),
        ["AddressRecord.slow_burst_end_time"] = ("google.protobuf.Timestamp", Time),
        ["DistinctMembers.met"] = ("int32", HeldOnTheNamed),
        ["DistinctMembers.blamed"] = ("int32", HeldOnTheNamed),
        ["DistinctMembers.praised"] = ("int32", HeldOnTheNamed),
        ["RememberedReports.count"] = ("int32", HeldOnTheNamed),
        ["RememberedReports.expire_time"] = ("google.protobuf.Timestamp", Time),
        ["EraseResponse.records_deleted"] = ("int32", HeldOnTheNamed),
        ["EraseResponse.report_lists_deleted"] = ("int32", HeldOnTheNamed),
        ["EraseResponse.replicas_acknowledged"] = ("int32", Configuration),
        ["EraseResponse.erase_time"] = ("google.protobuf.Timestamp", Time),
        ["EraseResponse.significant_bits"] = ("int32", Judgement),
        ["EraseResponse.remains"] = ("repeated spamguard.v1.RemainingData", OwnFields),
        ["RemainingData.kind"] = ("spamguard.v1.RemainingKind", Judgement),
        ["RemainingData.end_time"] = ("google.protobuf.Timestamp", Time),
        ["RemainingData.description"] = ("string", FixedName),
        ["RollResponse.epochs"] = ("repeated spamguard.v1.RolledEpoch", OwnFields),
        ["RollResponse.lost"] = ("string", FixedName),
        ["RolledEpoch.epoch_class"] = ("spamguard.v1.EpochClass", Judgement),
        ["RolledEpoch.number"] = ("int32", Time),
        ["RolledEpoch.old_generation"] = ("uint32", Configuration),
        ["RolledEpoch.new_generation"] = ("uint32", Configuration),
        ["RolledEpoch.expire_time"] = ("google.protobuf.Timestamp", Time),
        ["RolledEpoch.pepper_id"] = ("string", Configuration),
        ["RolledEpoch.replicas_acknowledged"] = ("int32", Configuration),
        ["DisclosureServiceOpenResponse.disclosure"] = ("spamguard.v1.Disclosure", OwnFields),
        ["DisclosureServiceOpenResponse.order_key"] = ("string", Drawn),
        ["DisclosureServiceDecideResponse.disclosure"] = ("spamguard.v1.Disclosure", OwnFields),
        ["DisclosureServiceExecuteResponse.disclosure"] = ("spamguard.v1.Disclosure", OwnFields),
        ["DisclosureServiceExecuteResponse.results"] = ("repeated spamguard.v1.DisclosureResult", AnswerToEach),
        ["DisclosureServiceExecuteResponse.read_time"] = ("google.protobuf.Timestamp", Time),
        ["DisclosureResult.index"] = ("int32", AnswerToEach),
        ["DisclosureResult.significant_bits"] = ("int32", Judgement),
        ["DisclosureResult.epochs"] = ("repeated spamguard.v1.HeldEpoch", OwnFields),
        ["DisclosureServiceGetResponse.disclosure"] = ("spamguard.v1.Disclosure", OwnFields),
        ["DisclosureServiceListResponse.disclosures"] = ("repeated spamguard.v1.Disclosure", OwnFields),
        ["DisclosureServiceListResponse.next_page_token"] = ("string", FixedName),
        ["Disclosure.disclosure_id"] = ("string", Drawn),
        ["Disclosure.state"] = ("spamguard.v1.DisclosureState", Judgement),
        ["Disclosure.country"] = ("string", FixedName),
        ["Disclosure.authority_type"] = ("spamguard.v1.AuthorityType", Judgement),
        ["Disclosure.legal_process"] = ("spamguard.v1.LegalProcess", Judgement),
        ["Disclosure.category"] = ("spamguard.v1.DisclosureCategory", Judgement),
        ["Disclosure.named"] = ("int32", Judgement),
        ["Disclosure.valid_until"] = ("google.protobuf.Timestamp", Time),
        ["Disclosure.withhold_until"] = ("google.protobuf.Timestamp", Time),
        ["Disclosure.open_time"] = ("google.protobuf.Timestamp", Time),
        ["Disclosure.opened_by"] = ("spamguard.v1.DisclosureParty", OwnFields),
        ["Disclosure.decide_time"] = ("google.protobuf.Timestamp", Time),
        ["Disclosure.decided_by"] = ("spamguard.v1.DisclosureParty", OwnFields),
        ["Disclosure.decide_reason"] = ("string", Checked),
        ["Disclosure.execute_time"] = ("google.protobuf.Timestamp", Time),
        ["Disclosure.executed_by"] = ("spamguard.v1.DisclosureParty", OwnFields),
        ["Disclosure.held"] = ("spamguard.v1.DisclosureHeld", Judgement),
        ["Disclosure.disclosed"] = ("int32", Judgement),
        ["DisclosureParty.caller"] = ("string", Configuration),
        ["DisclosureParty.identity"] = ("string", Configuration),
    };

    /// <summary>Fields of requests that hold an address. Each is said to be input only, in its comment.</summary>
    public static IReadOnlySet<string> Addresses { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Event.address", "Event.address_bytes", "InspectRequest.address", "InspectRequest.address_bytes", "EraseRequest.address", "EraseRequest.address_bytes",
        "DisclosureServiceOpenRequest.addresses", "DisclosureServiceDecideRequest.addresses", "DisclosureServiceExecuteRequest.addresses",
    };

    /// <summary>All other text and bytes of requests: handles, digests that are hashed again, names for a call.</summary>
    public static IReadOnlySet<string> OtherTexts { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Event.account", "Event.content", "ScoreRequest.request_id", "PreviewRequest.decision_token", "ExplainRequest.decision_token",
        "ReportOutcomeRequest.decision_token", "ReportOutcomeRequest.reporter", "ReportOutcomeRequest.request_id",
        "InspectRequest.decision_token", "InspectRequest.attestation", "EraseRequest.decision_token", "EraseRequest.attestation",
        "DisclosureServiceOpenRequest.order_reference", "DisclosureServiceOpenRequest.authority", "DisclosureServiceOpenRequest.country",
        "DisclosureServiceDecideRequest.disclosure_id", "DisclosureServiceDecideRequest.order_key", "DisclosureServiceDecideRequest.order_reference",
        "DisclosureServiceDecideRequest.reason", "DisclosureServiceExecuteRequest.disclosure_id", "DisclosureServiceExecuteRequest.order_key",
        "DisclosureServiceGetRequest.disclosure_id", "DisclosureServiceListRequest.page_token",
    };

    /// <summary>Fields of answers that are named like something they are not.</summary>
    public static IReadOnlySet<string> NamedAlike { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "DisclosureServiceOpenResponse.order_key", // of an order, at random: no key of the store
    };
}
