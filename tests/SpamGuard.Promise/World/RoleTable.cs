using SpamGuard.Server.Callers;

namespace SpamGuard.Promise.World;

/// <summary>Which roles may call which method, as the promise has it: written out, for the product's own table is what is put to the proof.</summary>
internal static class RoleTable
{
    /// <summary>By the method's path; one of the roles is enough.</summary>
    public static IReadOnlyDictionary<string, CallerRoles> All { get; } = new Dictionary<string, CallerRoles>(StringComparer.Ordinal)
    {
        ["/spamguard.v1.ScoringService/Score"] = CallerRoles.Scorer,
        ["/spamguard.v1.ScoringService/ScoreBatch"] = CallerRoles.Scorer,
        ["/spamguard.v1.ScoringService/Preview"] = CallerRoles.Scorer,
        ["/envoy.service.auth.v3.Authorization/Check"] = CallerRoles.Scorer,
        ["/spamguard.v1.ScoringService/Explain"] = CallerRoles.Scorer | CallerRoles.Operator,
        ["/spamguard.v1.FeedbackService/ReportOutcome"] = CallerRoles.Reporter,
        ["/spamguard.v1.PolicyService/Get"] = CallerRoles.Operator,
        ["/spamguard.v1.EpochService/Roll"] = CallerRoles.Operator,
        ["/spamguard.v1.OverrideService/Set"] = CallerRoles.Operator,
        ["/spamguard.v1.OverrideService/Clear"] = CallerRoles.Operator,
        ["/spamguard.v1.OverrideService/List"] = CallerRoles.Operator,
        ["/spamguard.v1.SubjectService/Inspect"] = CallerRoles.Privacy,
        ["/spamguard.v1.SubjectService/Erase"] = CallerRoles.Privacy,
        ["/spamguard.v1.DisclosureService/Open"] = CallerRoles.Legal,
        ["/spamguard.v1.DisclosureService/Decide"] = CallerRoles.Legal,
        ["/spamguard.v1.DisclosureService/Execute"] = CallerRoles.Legal,
        ["/spamguard.v1.DisclosureService/Get"] = CallerRoles.Legal,
        ["/spamguard.v1.DisclosureService/List"] = CallerRoles.Legal,
        ["/spamguard.v1.TransparencyService/GetReport"] = CallerRoles.Any,
        ["/grpc.health.v1.Health/Check"] = CallerRoles.Any,
        ["/grpc.health.v1.Health/Watch"] = CallerRoles.Any,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = CallerRoles.Any,
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = CallerRoles.Any,
    };
}
