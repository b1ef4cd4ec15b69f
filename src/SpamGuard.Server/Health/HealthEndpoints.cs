using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Tags;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SpamGuard.Server.Health;

/// <summary>Liveness and readiness, over HTTP and over gRPC.</summary>
internal static class HealthEndpoints
{
    private const string Live = "live";
    private const string Ready = "ready";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <summary>Registers the checks and the drain.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="isDesk">Whether this process is the desk.</param>
    /// <param name="scores">Whether it scores.</param>
    public static WebApplicationBuilder AddHealth(this WebApplicationBuilder builder, bool isDesk, bool scores)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHealthChecks()
            .AddCheck("process", static () => HealthCheckResult.Healthy(), [Live])
            .AddCheck<Readiness>("readiness", tags: [Ready]);
        IEnumerable<ServiceDescriptor> served = [.. ServedServices.Everywhere, .. scores ? ServedServices.Scoring : [], .. isDesk ? ServedServices.Desk : []];
        builder.Services.AddSingleton(services => new HealthHeaders(served, services.GetService<StoreHealth>(), services.GetService<StoreClock>(), services.GetService<LiveTags>()));
        builder.Services.AddGrpcHealthChecks(options =>
        {
            options.Services.Clear();
            options.Services.Map("liveness", static check => check.Tags.Contains(Live, StringComparer.Ordinal));
            foreach (var service in (string[])["", "readiness", .. served.Select(static service => service.FullName)])
            {
                options.Services.Map(service, static check => check.Tags.Contains(Ready, StringComparer.Ordinal));
            }
        });

        // Watch tells of a change at the publisher's next turn; Check runs the checks itself.
        builder.Services.Configure<HealthCheckPublisherOptions>(static options =>
        {
            options.Delay = TimeSpan.Zero;
            options.Period = TimeSpan.FromSeconds(5);
        });
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSettings<DrainOptions>(builder.Configuration, DrainOptions.Section, DrainOptions.Settings);
        builder.Services.AddSingleton<IValidateOptions<DrainOptions>, DrainOptionsValidator>();
        builder.Services.AddHostedService<Drain>();
        return builder;
    }

    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/livez", Tagged(Live)).ServeOn(Listener.Health);
        app.MapHealthChecks("/readyz", Tagged(Ready)).ServeOn(Listener.Health);
    }

    private static HealthCheckOptions Tagged(string tag) => new() { Predicate = check => check.Tags.Contains(tag) };
}
