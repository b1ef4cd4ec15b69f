using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore.Addresses;
using SpamGuard.AspNetCore.Challenges;
using SpamGuard.AspNetCore.Checks;

namespace SpamGuard.AspNetCore;

/// <summary>Registers the checks.</summary>
public static class SpamGuardChecksServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="RequireSpamGuardAttribute"/> and <c>RequireSpamGuard</c> need; <c>AddSpamGuardClient</c> is called besides, before or after. A configuration that can't be stops the start
    /// with a line for each fault, and so does an endpoint that asks for a check in a way that makes none. Called again it adds to the configuration.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">The configuration; none of it is required.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSpamGuardChecks(this IServiceCollection services, Action<SpamGuardChecksOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<SpamGuardChecksOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpamGuardChecksOptions>, SpamGuardChecksOptionsRules>());
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new CheckMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<ForwardingProxies>();
        services.TryAddSingleton<AddressWatch>();
        services.TryAddSingleton<ChallengeStates>();
        services.TryAddSingleton<AnsweredChallenges>();
        services.TryAddSingleton<ProofGate>();
        services.TryAddSingleton<Gate>();
        services.AddHostedService<EndpointRules>();
        return services;
    }
}
