using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Client.Connections;

/// <summary>Round robin among the servers that answer (gRPC's own has no outlier detection in .NET: proposal A50).</summary>
internal sealed class OutlierDetection(TimeProvider time) : LoadBalancerFactory
{
    private const string Policy = "round_robin_with_outlier_detection";

    /// <inheritdoc/>
    public override string Name => Policy;

    /// <summary>Has a channel balance so.</summary>
    public static LoadBalancingConfig Config() => new(Policy);

    /// <inheritdoc/>
    public override LoadBalancer Create(LoadBalancerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Balancer(options.Controller, options.LoggerFactory, time);
    }

    private sealed class Balancer(IChannelControlHelper controller, ILoggerFactory loggers, TimeProvider time) : SubchannelsLoadBalancer(controller, loggers)
    {
        private readonly ConditionalWeakTable<Subchannel, ServerHealth> _health = [];

        protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) =>
            new Picker([.. readySubchannels.Select(one => (one, _health.GetValue(one, _ => new ServerHealth(time))))]);
    }

    private sealed class Picker((Subchannel Subchannel, ServerHealth Health)[] servers) : SubchannelPicker
    {
        private int _last = RandomNumberGenerator.GetInt32(servers.Length);

        public override PickResult Pick(PickContext context)
        {
            var first = (uint)Interlocked.Increment(ref _last);
            var (subchannel, health) = servers[first % servers.Length]; // where none answers any may be asked
            for (uint i = 0; i < servers.Length; i++)
            {
                var server = servers[(first + i) % servers.Length];
                if (server.Health.Takes())
                {
                    (subchannel, health) = server;
                    break;
                }
            }

            return PickResult.ForSubchannel(subchannel, health);
        }
    }
}
