using Grpc.Net.Client.Balancer;

namespace SpamGuard.Client.Connections;

/// <summary>
/// The application's services as the channel sees them: with names looked up every so often, and calls balanced among the servers that answer. The application has none of that, for it would count for its other channels too; what it has of its
/// own for a scheme comes first.
/// </summary>
internal sealed class ChannelServices(IServiceProvider services, TimeSpan refresh, TimeProvider time) : IServiceProvider
{
    /// <inheritdoc/>
    public object? GetService(Type serviceType)
    {
        var found = services.GetService(serviceType);
        return serviceType == typeof(IEnumerable<ResolverFactory>) ? ((IEnumerable<ResolverFactory>?)found ?? []).Append(new DnsResolverFactory(refresh)).ToList()
            : serviceType == typeof(IEnumerable<LoadBalancerFactory>) ? ((IEnumerable<LoadBalancerFactory>?)found ?? []).Append(new OutlierDetection(time)).ToList()
            : found;
    }
}
