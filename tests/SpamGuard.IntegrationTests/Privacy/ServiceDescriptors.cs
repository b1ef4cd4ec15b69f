using System.Reflection;
using Envoy.Service.Auth.V3;
using Google.Protobuf.Reflection;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Every service of the interface, from what is generated of the protos: a new one is here by itself, and of Envoy's the one that we serve.</summary>
internal static class ServiceDescriptors
{
    public static IReadOnlyList<ServiceDescriptor> All { get; } =
    [
        .. typeof(Event).Assembly.GetTypes()
            .Where(static type => type.Namespace == typeof(Event).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .SelectMany(static type => ((FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!).Services),
        Authorization.Descriptor,
    ];
}
