using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace SpamGuard.Server.Http;

/// <summary>Gives no logger to what quotes its input, whatever levels are configured.</summary>
/// <remarks>
/// The JSON reader logs the text of what it can't read, at Information, and a caller may have put an address in the wrong field. A filter would
/// not do: the configuration of a sink overrides it.
/// </remarks>
internal sealed class WithholdingLoggerFactory(LoggerFactory inner) : ILoggerFactory
{
    private const string JsonReader = "Grpc.AspNetCore.Grpc.JsonTranscoding";

    /// <summary>Puts it in front of the factory.</summary>
    public static void Use(IServiceCollection services)
    {
        services.TryAddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, WithholdingLoggerFactory>());
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(JsonReader, StringComparison.Ordinal) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Nothing: the container ends the factory behind.</summary>
    public void Dispose()
    {
    }
}
