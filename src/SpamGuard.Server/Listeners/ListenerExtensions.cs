using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Http;

namespace SpamGuard.Server.Listeners;

/// <summary>Keeps every endpoint on its listener. Kestrel by itself serves every endpoint on every port.</summary>
internal static class ListenerExtensions
{
    /// <summary>Binds the listeners of <c>Listeners:*</c>.</summary>
    public static WebApplicationBuilder AddListeners(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ListenerOptions>(builder.Configuration, ListenerOptions.Section, ListenerOptions.Settings);
        builder.Services.AddSingleton<IValidateOptions<ListenerOptions>, ListenerOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BoundListeners>();
        builder.Services.AddSingleton<ConnectionEnd>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelListeners>();

        // Behind Kestrel's own, and the last is asked first.
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => new ListenerFactory(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), services.GetRequiredService<IOptions<ListenerOptions>>()));
        return builder;
    }

    /// <summary>
    /// Answers 404 unless the endpoint was declared for the listener that the connection came in by. The decision hangs on the connection, never
    /// on a header that a client can forge; an endpoint that declares nothing is served nowhere.
    /// </summary>
    public static void UseListenerSeparation(this IApplicationBuilder app) => app.Use(static next => context =>
    {
        var declared = context.GetEndpoint()?.Metadata.GetMetadata<ServedOn>();
        if (declared is not null && declared == context.Features.Get<ServedOn>())
        {
            return next(context);
        }

        if (context.Features.Get<ServedOn>() is { Listener: Listener.Http })
        {
            return JsonErrors.NotServedAsync(context, JsonPaths.Methods(context));
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Declares endpoints for one listener.</summary>
    public static void ServeOn(this IEndpointConventionBuilder endpoints, Listener listener) =>
        endpoints.Add(endpoint => endpoint.Metadata.Add(new ServedOn(listener)));

    /// <summary>Declares a gRPC service: its methods for the gRPC listener, their JSON forms for the HTTP one. All of them stand behind the gate.</summary>
    public static void ServeOnGrpcAndHttp(this IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().FirstOrDefault() is { } json)
        {
            endpoint.Metadata.Add(new ServedOn(Listener.Http));
            endpoint.Metadata.Add(GatedMethod.Of(PathOf(json.MethodDescriptor), isJson: true));
        }
        else if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault() is { } grpc)
        {
            endpoint.Metadata.Add(new ServedOn(Listener.Grpc));
            endpoint.Metadata.Add(GatedMethod.Of(grpc.Method.FullName, isJson: false, isStream: grpc.Method.Type != MethodType.Unary));
        }
    });

    private static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
