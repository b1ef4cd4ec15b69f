using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace SpamGuard.Storage.Redis;

/// <summary>Registers the store.</summary>
internal static class RedisSignalStoreRegistration
{
    /// <summary>Adds how the store is reached, from the section <c>Signals</c> and a connection string, and no connection.</summary>
    /// <param name="services">Takes the services.</param>
    /// <param name="configuration">Holds <c>Signals:*</c> and the connection strings.</param>
    /// <param name="name">Which connection string.</param>
    public static IServiceCollection AddRedisSettings(this IServiceCollection services, IConfiguration configuration, string name)
    {
        services.AddSettings<SignalStoreOptions>(configuration, SignalStoreOptions.Section, SignalStoreOptions.Settings)
            .Configure(options => (options.ConnectionName, options.ConnectionString) = (name, configuration.GetConnectionString(name) ?? string.Empty));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SignalStoreOptions>, SignalStoreOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMetricFactory>(Metrics.DefaultFactory);
        services.TryAddSingleton(Metrics.DefaultRegistry);
        services.TryAddSingleton<StoreCertificateMetrics>();
        return services;
    }

    /// <summary>Adds <see cref="ISignalStore"/> and <see cref="IOverrideReader"/> in Redis, from the section <c>Signals</c> and <c>ConnectionStrings:Signals</c>.</summary>
    public static IServiceCollection AddRedisSignalStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRedisSettings(configuration, SignalStoreOptions.Section);
        services.TryAddSingleton<StoreMetrics>();
        services.TryAddSingleton<StoreResilience>();
        services.TryAddSingleton<StoreMemory>();
        services.TryAddSingleton<StoreMemoryMetrics>();
        services.TryAddSingleton<RedisConnection>();
        services.AddHostedService(static provider => provider.GetRequiredService<RedisConnection>());
        services.AddHostedService<StoreMemoryService>();
        services.TryAddSingleton<ISignalStore>(static provider => new ResilientSignalStore(
            new RedisSignalStore(provider.GetRequiredService<RedisConnection>(), Scripts.InService, provider.GetRequiredService<StoreMemory>()),
            provider.GetRequiredService<StoreResilience>()));

        // Without a budget and a breaker: nobody waits for it.
        services.TryAddSingleton<IOverrideReader>(static provider => new RedisOverrideStore(provider.GetRequiredService<RedisConnection>(), Scripts.InService));
        return services;
    }
}
