using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace SpamGuard.Server.Http;

/// <summary>Gives no logger to what quotes its input, whatever levels are configured.</summary>
/// <remarks>
/// The framework logs the text of a JSON value or of an HTTP request that it can't read, and the URL of any request; a caller or a proxy may have
/// put an address in any of them. How many calls end how is in the metrics. A filter would not do: the configuration of a sink overrides it.
/// </remarks>
internal sealed class WithholdingLoggerFactory(LoggerFactory inner) : ILoggerFactory
{
    private static readonly string[] Quoting =
    [
        "Grpc.AspNetCore.Grpc.JsonTranscoding",
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
    ];

    // It logs as an error, with a trace, that a request can't be read whose client has gone.
    private const string Grpc = "Grpc.AspNetCore.Server";

    // They log what a start fails by, with its trace, and throw it too.
    private static readonly string[] Starting = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Puts it in front of the factory.</summary>
    public static void Use(IServiceCollection services)
    {
        services.TryAddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, WithholdingLoggerFactory>());
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        Array.Exists(Quoting, quoting => categoryName.StartsWith(quoting, StringComparison.Ordinal))
            ? NullLogger.Instance
            : Array.Exists(Starting, starting => categoryName.StartsWith(starting, StringComparison.Ordinal))
                ? new ToldOnceLogger(inner.CreateLogger(categoryName))
                : categoryName.StartsWith(Grpc, StringComparison.Ordinal)
                ? new GoneClientLogger(inner.CreateLogger(categoryName))
                : inner.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Nothing: the container ends the factory behind.</summary>
    public void Dispose()
    {
    }
}
