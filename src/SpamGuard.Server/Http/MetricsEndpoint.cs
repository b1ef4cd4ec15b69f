using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Http;

/// <summary>Serves the metrics, on their own listener only.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Registers what the features make their instruments with.</summary>
    public static WebApplicationBuilder AddServerMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(Metrics.DefaultRegistry);
        builder.Services.TryAddSingleton<IMetricFactory>(static services =>
        {
            var factory = Metrics.WithCustomRegistry(services.GetRequiredService<CollectorRegistry>());
            factory.ExemplarBehavior = ExemplarBehavior.NoExemplars(); // a trace id for each count: nobody reads them, and each call would pay for a dozen
            return factory;
        });
        return builder;
    }

    /// <summary>Maps <c>/metrics</c> and says which build runs.</summary>
    public static void MapServerMetrics(this WebApplication app)
    {
        // Both would copy what the runtime counts, take memory for it, and drop series that were idle for five minutes.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        app.Services.GetRequiredService<IMetricFactory>()
            .CreateGauge("spamguard_build_info", "Always 1; its labels say which build runs.", ["version", "runtime"])
            .WithLabels(Version, Environment.Version.ToString())
            .Set(1);
        app.MapMetrics("/metrics", app.Services.GetRequiredService<CollectorRegistry>()).ServeOn(Listener.Metrics);
    }

    /// <summary>The version, and the commit where the build knew it.</summary>
    public static string Version =>
        typeof(MetricsEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
