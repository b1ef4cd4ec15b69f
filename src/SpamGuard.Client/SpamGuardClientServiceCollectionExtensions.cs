using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpamGuard.Client.Connections;
using SpamGuard.Client.Resilience;

namespace SpamGuard.Client;

/// <summary>Registers the client.</summary>
public static class SpamGuardClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISpamGuardClient"/>, one for the process. It connects when the application starts, which waits two seconds for that at most, and a configuration that can't be stops the start with a line for each fault.
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
        services.AddSingleton<Outage>();
        services.AddSingleton<ChannelKeeper>();
        services.AddSingleton(static provider => new CallPipelines(
            provider.GetRequiredService<IOptions<SpamGuardClientOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ClientMetrics>()));
        services.AddSingleton<ISpamGuardClient, SpamGuardClient>();
        services.AddHostedService<WarmUp>();
        return services;
    }
}
