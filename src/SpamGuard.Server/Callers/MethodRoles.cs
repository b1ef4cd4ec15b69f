using Envoy.Service.Auth.V3;
using Grpc.Reflection.V1Alpha;
using SpamGuard.V1;
using HealthService = Grpc.Health.V1.Health;
using ReflectionV1 = Grpc.Reflection.V1.ServerReflection;

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
        [Path(OverrideService.Descriptor, "Set")] = CallerRoles.Operator,
        [Path(OverrideService.Descriptor, "Clear")] = CallerRoles.Operator,
        [Path(OverrideService.Descriptor, "List")] = CallerRoles.Operator,
        [Path(DisclosureService.Descriptor, "Open")] = CallerRoles.Legal,
        [Path(DisclosureService.Descriptor, "Decide")] = CallerRoles.Legal,
        [Path(DisclosureService.Descriptor, "Execute")] = CallerRoles.Legal,
        [Path(DisclosureService.Descriptor, "Get")] = CallerRoles.Legal,
        [Path(DisclosureService.Descriptor, "List")] = CallerRoles.Legal,
        [Path(TransparencyService.Descriptor, "GetReport")] = CallerRoles.Any,

        // As Envoy asks; GET /authz is the same for proxies that ask by HTTP.
        [Path(Authorization.Descriptor, "Check")] = CallerRoles.Scorer,

        // Of the ecosystem: a load balancer's probe, and in development the descriptors, which are public.
        [Path(HealthService.Descriptor, "Check")] = CallerRoles.Any,
        [Path(HealthService.Descriptor, "Watch")] = CallerRoles.Any,
        [Path(ReflectionV1.Descriptor, "ServerReflectionInfo")] = CallerRoles.Any,
        [Path(ServerReflection.Descriptor, "ServerReflectionInfo")] = CallerRoles.Any,
    };

    private static string Path(Google.Protobuf.Reflection.ServiceDescriptor service, string method) => $"/{service.FullName}/{method}";
}
