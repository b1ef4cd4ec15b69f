using SpamGuard.V1;

namespace SpamGuard.Server.Callers;

/// <summary>Which roles may call a method: one of those named is enough. A method that is not in this table is served to nobody.</summary>
internal static class MethodRoles
{
    /// <summary>By the method's path, such as <c>/spamguard.v1.ScoringService/Score</c>.</summary>
    public static IReadOnlyDictionary<string, CallerRoles> All { get; } = new Dictionary<string, CallerRoles>(StringComparer.Ordinal)
    {
        [Path(ScoringService.Descriptor, "Score")] = CallerRoles.Scorer,
        [Path(ScoringService.Descriptor, "ScoreBatch")] = CallerRoles.Scorer,
        [Path(ScoringService.Descriptor, "Preview")] = CallerRoles.Scorer,
        [Path(ScoringService.Descriptor, "Explain")] = CallerRoles.Scorer | CallerRoles.Operator,
        [Path(FeedbackService.Descriptor, "ReportOutcome")] = CallerRoles.Reporter,
        [Path(PolicyService.Descriptor, "Get")] = CallerRoles.Operator,
        [Path(SubjectService.Descriptor, "Inspect")] = CallerRoles.Privacy,
        [Path(SubjectService.Descriptor, "Erase")] = CallerRoles.Privacy,
        [Path(EpochService.Descriptor, "Roll")] = CallerRoles.Operator,
    };

    private static string Path(Google.Protobuf.Reflection.ServiceDescriptor service, string method) => $"/{service.FullName}/{method}";
}
