using Microsoft.Extensions.Options;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Envoy;
using SpamGuard.Server.Health;
using SpamGuard.Server.Http;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Grpc;

/// <summary>Registers and maps the gRPC services.</summary>
internal static class GrpcApi
{
    /// <summary>The largest message: several times the largest request there is.</summary>
    public const int MaxReceiveMessageSize = 64 * 1024;

    /// <summary>The largest message of a service that takes batches: 256 requests of up to 612 bytes are 153 KiB, and as JSON half as much again.</summary>
    /// <remarks>gRPC has a limit per service and none per method, so Score has it too.</remarks>
    public const int MaxReceiveBatchSize = 256 * 1024;

    /// <summary>Registers the services, their metrics and what stands around their calls.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="isDesk">Whether this process is the desk.</param>
    /// <param name="scores">Whether it scores, and takes reports: elsewhere than in development a desk does not.</param>
    public static WebApplicationBuilder AddGrpcApi(this WebApplicationBuilder builder, bool isDesk, bool scores)
    {
        builder.Services
            .AddGrpc(static options =>
            {
                options.MaxReceiveMessageSize = MaxReceiveMessageSize;
                options.ResponseCompressionAlgorithm = null;
                options.EnableDetailedErrors = false;
                options.IgnoreUnknownServices = true; // an unknown method is a 404, which every client reads as UNIMPLEMENTED; but the gate comes first
                options.Interceptors.Add<CallInterceptor>();
            })
            .AddServiceOptions<ScoringGrpcService>(static options => options.MaxReceiveMessageSize = MaxReceiveBatchSize)
            .AddServiceOptions<AuthorizationGrpcService>(static options => options.MaxReceiveMessageSize = MaxReceiveBatchSize) // else who sends large headers would not be checked
            .AddJsonTranscoding(JsonTranscoding.Configure);
        builder.Services.AddGrpcReflection();
        builder.Services.AddSettings<EdgeOptions>(builder.Configuration, EdgeOptions.Section, EdgeOptions.Settings);
        builder.Services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsRules>();
        builder.Services.AddSingleton<GrpcServerMetrics>();
        builder.Services.AddSingleton<CallInterceptor>();
        builder.Services.AddSingleton<PolicyGrpcService>();
        if (scores)
        {
            builder.Services.AddSingleton<ScoringGrpcService>();
            builder.Services.AddSingleton<FeedbackGrpcService>();
            builder.Services.AddSingleton<EdgeScorer>();
            builder.Services.AddSingleton<AuthorizationGrpcService>();
            builder.Services.AddSingleton<ForwardedFor>();
            builder.Services.AddSingleton<AuthzEndpoint>();
        }

        if (isDesk)
        {
            builder.Services.AddSingleton<EpochGrpcService>();
            builder.Services.AddSingleton<DisclosureGrpcService>();
            builder.Services.AddSingleton<TransparencyGrpcService>();
            builder.Services.AddSingleton<OverrideGrpcService>();
            builder.Services.AddSingleton<SubjectProofs>();
            builder.Services.AddSingleton<SubjectGrpcService>();
        }

        return builder;
    }

    /// <summary>Maps the services, and reflection in development.</summary>
    public static void MapGrpcApi(this WebApplication app)
    {
        // Made now and not at the first call, so that every series is there from the start.
        app.Services.GetRequiredService<GrpcServerMetrics>();
        app.MapIfServed<ScoringGrpcService>();
        app.MapIfServed<FeedbackGrpcService>();
        app.MapIfServed<AuthorizationGrpcService>();
        app.MapIfServed<PolicyGrpcService>();
        app.MapIfServed<SubjectGrpcService>();
        app.MapIfServed<EpochGrpcService>();
        app.MapIfServed<DisclosureGrpcService>();
        app.MapIfServed<TransparencyGrpcService>();
        app.MapIfServed<OverrideGrpcService>();
        var health = app.MapGrpcHealthChecksService();
        health.Add(app.Services.GetRequiredService<HealthHeaders>().AddTo);
        health.ServeOnGrpcAndHttp();
        if (app.Environment.IsDevelopment())
        {
            app.MapGrpcReflectionService().ServeOnGrpcAndHttp();
        }
    }

    private static void MapIfServed<T>(this WebApplication app)
        where T : class
    {
        if (app.Services.GetService<T>() is not null)
        {
            app.MapGrpcService<T>().ServeOnGrpcAndHttp();
        }
    }
}
