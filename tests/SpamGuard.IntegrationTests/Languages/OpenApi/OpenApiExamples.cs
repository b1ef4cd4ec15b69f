using System.Text.Json.Nodes;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>The examples of the document. Their addresses are those of RFC 5737 and RFC 3849.</summary>
internal static class OpenApiExamples
{
    private const string RequestId = "3f0c4f0e-6a0e-4a52-9a53-0c4b2f6f1a11";
    private const string Token = "AfIx0mVq3cR8_example_token_as_Score_answered_it";
    private const string SignUp = $$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.9"},"requestId":"{{RequestId}}"}""";
    private const string Message = """{"event":{"kind":"EVENT_KIND_MESSAGE","address":"2001:db8::9","account":"b8f1c0de"}}""";
    private const string OrderReference = "7 Gs 1234/26";
    private const string OrderKey = "q0k1mZ2vXyq8W3n5rT7uB9cD1eF2gH3iJ4kL5mN6oP8";

    private const string Assessment = $$"""
        {"decisionToken":"{{Token}}","verdict":"VERDICT_CHALLENGE","spamProbability":0.41,
         "reasons":[{"code":"PRIOR","weight":-2.94},{"code":"ADDRESS_BURST","weight":2.58}],"quality":"QUALITY_FULL","shadowVerdict":"VERDICT_UNSPECIFIED",
         "expireTime":"2026-02-03T12:00:00Z","policyRevision":"24d54152a203c158","replayed":false,
         "evidence":[{"level":"SUBJECT_LEVEL_ADDRESS","units":"COUNT_BUCKET_SOME","spamReports":"COUNT_BUCKET_NONE","legitimateReports":"COUNT_BUCKET_NONE","oldestDays":0}]}
        """;

    private static readonly Dictionary<string, string> Requests = new(StringComparer.Ordinal)
    {
        ["ScoringService.Score"] = SignUp,
        ["ScoringService.ScoreBatch"] = $$"""{"requests":[{{SignUp}},{{Message}}]}""",
        ["ScoringService.Preview"] = $$"""{"decisionToken":"{{Token}}"}""",
        ["ScoringService.Explain"] = $$"""{"decisionToken":"{{Token}}"}""",
        ["FeedbackService.ReportOutcome"] = $$"""{"decisionToken":"{{Token}}","label":"OUTCOME_LABEL_CHALLENGE_PASSED"}""",
        ["SubjectService.Inspect"] = $$"""{"address":"203.0.113.9","decisionToken":"{{Token}}"}""",
        ["SubjectService.Erase"] = """{"address":"203.0.113.9","attestation":"identified by the hosting desk, case 4711"}""",
        ["OverrideService.Set"] = $$"""{"decisionToken":"{{Token}}","verdict":"VERDICT_ALLOW","reason":"appeal 4711","ttl":"86400s"}""",
        ["OverrideService.Clear"] = """{"id":"a5d1c0f3a9b7e2468"}""",
        ["DisclosureService.Open"] = $$"""
            {"orderReference":"{{OrderReference}}","authority":"Amtsgericht Musterstadt","authorityType":"AUTHORITY_TYPE_COURT","country":"DE",
             "category":"DISCLOSURE_CATEGORY_TERRORISM","legalProcess":"LEGAL_PROCESS_COURT_ORDER","validUntil":"2026-02-03T12:00:00Z","addresses":["203.0.113.9"]}
            """,
        ["DisclosureService.Decide"] = $$"""
            {"disclosureId":"0123456789abcdef","orderKey":"{{OrderKey}}","orderReference":"{{OrderReference}}","addresses":["203.0.113.9"],"decision":"DISCLOSURE_DECISION_APPROVE"}
            """,
        ["DisclosureService.Execute"] = $$"""{"disclosureId":"0123456789abcdef","orderKey":"{{OrderKey}}","addresses":["203.0.113.9"]}""",
    };

    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["ScoringService.Score"] = $$"""{"assessment":{{Assessment}}}""",
        ["ScoringService.Preview"] = $$"""{"assessment":{{Assessment}}}""",
        ["FeedbackService.ReportOutcome"] = """{"applied":true,"result":"REPORT_RESULT_APPLIED"}""",
    };

    private static readonly Dictionary<int, string> Errors = new()
    {
        [400] = Of(
            3,
            "The request can't be taken: see the field violations of event.address.",
            Info("INVALID_REQUEST", """{"fields":"event.address"}"""),
            """{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"event.address","description":"Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id.","reason":"ADDRESS_MALFORMED"}]}"""),
        [401] = Of(16, "This listener needs a client certificate, and the connection has none.", Info("CERTIFICATE_MISSING")),
        [403] = Of(
            7,
            "The caller may not call /spamguard.v1.ScoringService/Score. Roles that may: scorer.",
            Info("ROLE_MISSING", """{"method":"/spamguard.v1.ScoringService/Score","roles":"scorer"}""")),
        [404] = Of(5, "There is no disclosure of this disclosure_id.", Info("DISCLOSURE_UNKNOWN")),
        [429] = Of(
            8,
            "The caller's quota score is used up: 500 a second, at most 1000 at once.",
            Info("QUOTA_EXCEEDED", """{"quota":"score"}"""),
            """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"subject":"caller:sign-up-form/score","description":"500 a second, at most 1000 at once","apiService":"","quotaMetric":"","quotaId":"","quotaDimensions":{},"quotaValue":0}]}""",
            """{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.002s"}"""),
        [500] = Of(13, "The server failed. Its log says why.", Info("INTERNAL")),
        [503] = Of(
            14,
            "The store did not answer within its budget, or can't be used yet; whether this was counted is unknown.",
            Info("STORE_UNAVAILABLE"),
            """{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}"""),
    };

    /// <summary>What a method is sent; <c>null</c> where it has no body.</summary>
    public static JsonNode? Request(string method) => Parse(Requests.GetValueOrDefault(method));

    /// <summary>What a method answers, where there is an example of it.</summary>
    public static JsonNode? Answer(string method) => Parse(Answers.GetValueOrDefault(method));

    /// <summary>An error of a status code of HTTP.</summary>
    public static JsonNode? Error(int http) => Parse(Errors[http]);

    private static JsonNode? Parse(string? text) => text is null ? null : JsonNode.Parse(text);

    private static string Of(int code, string message, params string[] details) => $$"""{"code":{{code}},"message":"{{message}}","details":[{{string.Join(',', details)}}]}""";

    private static string Info(string reason, string metadata = "{}") =>
        $$"""{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{reason}}","domain":"spamguard","metadata":{{metadata}}}""";
}
