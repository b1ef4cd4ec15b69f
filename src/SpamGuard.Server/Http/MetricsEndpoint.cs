using System.Reflection;
using Prometheus;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Http;

/// <summary>Serves the metrics, on their own listener only.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps <c>/metrics</c> and says which build runs.</summary>
    public static void MapServerMetrics(this WebApplication app)
    {
        // Both would copy what the runtime counts, take memory for it, and drop series that were idle for five minutes.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        Metrics.CreateGauge("spamguard_build_info", "Always 1; its labels say which build runs.", "version", "runtime")
            .WithLabels(Version, Environment.Version.ToString())
            .Set(1);
        app.MapMetrics("/metrics").ServeOn(Listener.Metrics);
    }

    /// <summary>The version, and the commit where the build knew it.</summary>
    private static string Version =>
        typeof(MetricsEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
