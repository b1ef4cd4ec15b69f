using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpamGuard.Client.Connections;
using SpamGuard.Client.Resilience;

namespace SpamGuard.Client;

/// <summary>Registers the client.</summary>
public static class SpamGuardClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISpamGuardClient"/>, one for the process. It connects when the application starts, which waits two seconds for that at most, and a configuration that can't be stops the start with a line for each fault.
    /// Where the application has another <see cref="ISpamGuardClient"/> registered behind it, as tests have, nobody is connected to and no file of certificates is read.
    /// Called again it adds to the configuration.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">The configuration; <see cref="SpamGuardClientOptions.Address"/> is required.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSpamGuardClient(this IServiceCollection services, Action<SpamGuardClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SpamGuardClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpamGuardClientOptions>, SpamGuardClientOptionsRules>());
        if (services.Any(static service => service.ServiceType == typeof(ISpamGuardClient)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new ClientMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<Outage>(provider, Logger<Outage>(provider)));
        services.AddSingleton(static provider => new Lazy<ChannelKeeper>(
            () => ActivatorUtilities.CreateInstance<ChannelKeeper>(provider, Loggers(provider)), LazyThreadSafetyMode.PublicationOnly)); // a failure is none for ever
        services.AddSingleton(static provider => provider.GetRequiredService<Lazy<ChannelKeeper>>().Value);
        services.AddSingleton(static provider => new CallPipelines(
            provider.GetRequiredService<IOptions<SpamGuardClientOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ClientMetrics>()));
        services.AddSingleton<ISpamGuardClient, SpamGuardClient>();
        services.AddHostedService(static provider => ActivatorUtilities.CreateInstance<WarmUp>(provider, Logger<WarmUp>(provider)));
        return services;
    }

    // A container of its own may have none, as that of a tool or a test.
    private static ILoggerFactory Loggers(IServiceProvider provider) => provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private static Logger<T> Logger<T>(IServiceProvider provider) => new(Loggers(provider));
}
