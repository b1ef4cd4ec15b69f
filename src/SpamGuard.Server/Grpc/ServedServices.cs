using Envoy.Service.Auth.V3;
using SpamGuard.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SpamGuard.Server.Grpc;

/// <summary>The services of the interface, by the processes that serve them.</summary>
internal static class ServedServices
{
    /// <summary>Those of every process.</summary>
    public static readonly IReadOnlyList<ServiceDescriptor> Everywhere = [PolicyService.Descriptor];

    /// <summary>Those of a process that scores.</summary>
    public static readonly IReadOnlyList<ServiceDescriptor> Scoring = [ScoringService.Descriptor, FeedbackService.Descriptor, Authorization.Descriptor];

    /// <summary>Those of the desk.</summary>
    public static readonly IReadOnlyList<ServiceDescriptor> Desk =
        [SubjectService.Descriptor, EpochService.Descriptor, OverrideService.Descriptor, DisclosureService.Descriptor, TransparencyService.Descriptor];
}
