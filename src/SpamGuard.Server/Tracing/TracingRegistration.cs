using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpamGuard.Server.Http;
using System.Diagnostics;

namespace SpamGuard.Server.Tracing;

/// <summary>Sends the spans of <see cref="Traces"/> to a collector where one is configured. Else nobody listens to them, and none is made.</summary>
internal static class TracingRegistration
{
    /// <summary>Registers the exporter, if any.</summary>
    /// <param name="builder">Takes it.</param>
    /// <param name="service">What the process is called in traces.</param>
    /// <remarks>
    /// No instrumentation of the framework's, the client's or the driver's: their attributes are URLs, addresses, user agents and commands. The resource is
    /// ours alone: what <c>OTEL_RESOURCE_ATTRIBUTES</c> says, or a detector finds out about the machine, is not in it.
    /// </remarks>
    public static WebApplicationBuilder AddTracing(this WebApplicationBuilder builder, string service)
    {
        var services = builder.Services;
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator, TraceParentOnly>());
        services.AddSettings<TracingOptions>(builder.Configuration, TracingOptions.Section, TracingOptions.Settings);
        services.AddSingleton<IValidateOptions<TracingOptions>, TracingOptionsRules>();
        if (string.IsNullOrEmpty(builder.Configuration[TracingOptions.EndpointKey]))
        {
            return builder;
        }

        services.AddOptions<OtlpExporterOptions>().Configure<IOptions<TracingOptions>>(static (exporter, tracing) =>
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = tracing.Value.Target;
        });
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService(service, serviceVersion: MetricsEndpoint.Version))
            .WithTracing(static tracing => tracing
                .AddSource(Traces.Name)
                .SetSampler(static provider => new ParentBasedSampler(new TraceIdRatioBasedSampler(provider.GetRequiredService<IOptions<TracingOptions>>().Value.SampleRatio)))
                .AddOtlpExporter());
        return builder;
    }
}
