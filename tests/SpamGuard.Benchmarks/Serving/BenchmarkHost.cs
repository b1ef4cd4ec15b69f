using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.Benchmarks.Serving;

/// <summary>The product's server as its own program builds it, with <see cref="ProbeGrpcService"/> beside it.</summary>
internal static class BenchmarkHost
{
    /// <summary>Serves until standard input ends: whoever started it may die of anything, and it ends all the same. Its first line is its authority.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "SpamGuard.Server",
            ContentRootPath = Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Server"),
        });
        builder.Logging.ClearProviders().AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<ProbeGrpcService>();
        await using var app = await SpamGuardServer.BuildAsync(builder);
        app.MapGrpcService<ProbeGrpcService>().ServeOn(Listener.Grpc); // behind no gate: the cost of that is one of Score's
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(app.Services.GetRequiredService<BoundListeners>().Authority(Listener.Grpc));
        await Console.In.ReadToEndAsync(cancellationToken);
        await app.StopAsync(cancellationToken);
        return 0;
    }
}
