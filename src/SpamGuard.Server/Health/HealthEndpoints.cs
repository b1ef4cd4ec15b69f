using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SpamGuard.Server.Listeners;
using SpamGuard.V1;

namespace SpamGuard.Server.Health;

/// <summary>Liveness and readiness, over HTTP and over gRPC.</summary>
internal static class HealthEndpoints
{
    private const string Live = "live";
    private const string Ready = "ready";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <summary>Registers the checks and the drain.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="subjects">Whether this process answers people behind addresses.</param>
    public static WebApplicationBuilder AddHealth(this WebApplicationBuilder builder, bool subjects)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHealthChecks()
            .AddCheck("process", static () => HealthCheckResult.Healthy(), [Live])
            .AddCheck<Readiness>("readiness", tags: [Ready]);
        string[] ready = ["", "readiness", ScoringService.Descriptor.FullName, FeedbackService.Descriptor.FullName];
        builder.Services.AddGrpcHealthChecks(options =>
        {
            options.Services.Clear();
            options.Services.Map("liveness", static check => check.Tags.Contains(Live, StringComparer.Ordinal));
            foreach (var service in subjects ? [.. ready, SubjectService.Descriptor.FullName] : ready)
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
