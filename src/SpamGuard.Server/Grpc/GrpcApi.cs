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
    /// <param name="subjects">Whether this process answers people behind addresses.</param>
    public static WebApplicationBuilder AddGrpcApi(this WebApplicationBuilder builder, bool isDesk, bool subjects)
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
            .AddJsonTranscoding(JsonTranscoding.Configure);
        builder.Services.AddGrpcReflection();
        builder.Services.AddSingleton<GrpcServerMetrics>();
        builder.Services.AddSingleton<CallInterceptor>();
        builder.Services.AddSingleton<ScoringGrpcService>();
        builder.Services.AddSingleton<FeedbackGrpcService>();
        builder.Services.AddSingleton<PolicyGrpcService>();
        if (isDesk)
        {
            builder.Services.AddSingleton<EpochGrpcService>();
            builder.Services.AddSingleton<OverrideGrpcService>();
        }

        if (subjects)
        {
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
        app.Services.GetRequiredService<ScoringGrpcService>();
        app.Services.GetRequiredService<FeedbackGrpcService>();
        app.Services.GetRequiredService<PolicyGrpcService>();
        app.MapGrpcService<ScoringGrpcService>().ServeOnGrpcAndHttp();
        app.MapGrpcService<FeedbackGrpcService>().ServeOnGrpcAndHttp();
        app.MapGrpcService<PolicyGrpcService>().ServeOnGrpcAndHttp();
        if (app.Services.GetService<SubjectGrpcService>() is not null)
        {
            app.MapGrpcService<SubjectGrpcService>().ServeOnGrpcAndHttp();
        }

        if (app.Services.GetService<EpochGrpcService>() is not null)
        {
            app.MapGrpcService<EpochGrpcService>().ServeOnGrpcAndHttp();
        }

        if (app.Services.GetService<OverrideGrpcService>() is not null)
        {
            app.MapGrpcService<OverrideGrpcService>().ServeOnGrpcAndHttp();
        }

        app.MapGrpcHealthChecksService().ServeOnGrpcAndHttp();
        if (app.Environment.IsDevelopment())
        {
            app.MapGrpcReflectionService().ServeOnGrpcAndHttp();
        }
    }
}
