using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.V1;

namespace SpamGuard.Cli.Calls;

/// <summary>Answers as text: enums as the protos name them, without their prefix; numbers and times the same in every place of the world.</summary>
internal static class CallText
{
    /// <summary>For example <c>STATE_EXPIRED</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, System.Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    /// <summary>Four decimals.</summary>
    public static string Of(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>To the second, UTC; empty where it is not set.</summary>
    public static string Of(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>The answer about an event.</summary>
    public static IEnumerable<TextTable> Tables(Assessment assessment)
    {
        List<IReadOnlyList<string>> fields =
        [
            ["verdict", Of(assessment.Verdict)],
            ["spam_probability", Of(assessment.SpamProbability)],
            ["quality", Of(assessment.Quality)],
            ["expire_time", Of(assessment.ExpireTime)],
            ["policy_revision", assessment.PolicyRevision],
            ["replayed", assessment.Replayed ? "true" : "false"],
            ["decision_token", assessment.DecisionToken],
        ];
        if (assessment.RetryAfter is { } wait)
        {
            fields.Insert(2, ["retry_after", string.Create(CultureInfo.InvariantCulture, $"{wait.Seconds}s")]);
        }

        if (assessment.ShadowVerdict != Verdict.Unspecified)
        {
            fields.Insert(1, ["shadow_verdict", Of(assessment.ShadowVerdict)]);
        }

        return
        [
            new TextTable(["field", "value"], fields),
            Reasons(assessment.Reasons),
            new TextTable(
                ["level", "units", "spam_reports", "legitimate_reports", "oldest_days"],
                [.. assessment.Evidence.Select(Row)],
                Prefix: "evidence"),
        ];
    }

    /// <summary>What a probability is made of.</summary>
    public static TextTable Reasons(IEnumerable<Reason> reasons) => new(
        ["reason", "weight"],
        [.. reasons.Select(reason => (IReadOnlyList<string>)[reason.Code, reason.Weight.ToString("+0.000;-0.000;0", CultureInfo.InvariantCulture)])],
        Prefix: "reason");

    private static IReadOnlyList<string> Row(LevelEvidence evidence) =>
    [
        Of(evidence.Level), Of(evidence.Units), Of(evidence.SpamReports), Of(evidence.LegitimateReports),
        evidence.OldestDays.ToString(CultureInfo.InvariantCulture),
    ];
}
