using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Retention;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>Registers the retention auditor.</summary>
internal static class AuditRegistration
{
    /// <summary>Whether this process audits and does nothing else.</summary>
    public static bool OnlyAudits(IConfiguration configuration) =>
        configuration.IsOn(AuditOptions.EnabledKey) && configuration.IsOn(AuditOptions.OnlyKey) && !configuration.IsOn(DeskOptions.EnabledKey);

    /// <summary>
    /// Adds the auditor with a connection of its own, keyed by <see cref="AuditOptions.Connection"/>. Where <c>Audit:Enabled</c> is not true nothing of
    /// it is there, its metrics neither: figures of a pass that never was would look like a clean one.
    /// </summary>
    /// <param name="services">Takes the services.</param>
    /// <param name="configuration">Holds <c>Audit:*</c> and the connection strings.</param>
    /// <param name="mayShareTheStore">Whether an auditor without a connection of its own takes the scorers': in development.</param>
    /// <returns>Whether this process audits.</returns>
    public static bool AddRetentionAuditor(this IServiceCollection services, IConfiguration configuration, bool mayShareTheStore)
    {
        services.AddSettings<AuditOptions>(configuration, AuditOptions.Section, AuditOptions.Settings).Configure(options =>
        {
            options.IsOfADesk = configuration.IsOn(DeskOptions.EnabledKey);
            options.ConnectionString = configuration.GetConnectionString(AuditOptions.Connection)
                ?? (mayShareTheStore ? configuration.GetConnectionString(SignalStoreOptions.Section) : null)
                ?? string.Empty;
        });
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsRules>();
        if (!configuration.IsOn(AuditOptions.EnabledKey))
        {
            return false;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(AuditOptions.Connection, static (provider, _) => new RedisConnection(
            Options.Create(provider.GetRequiredService<IOptions<SignalStoreOptions>>().Value.As(provider.GetRequiredService<IOptions<AuditOptions>>().Value.ConnectionString)),
            provider.GetRequiredService<ILogger<RedisConnection>>(),
            AuditOptions.DriverTimeoutMilliseconds,
            asksForSettings: true,
            provider.GetRequiredService<StoreCertificateMetrics>()));

        // Not by AddHostedService, which takes one of a type: the scorers' connection is of the same.
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredKeyedService<RedisConnection>(AuditOptions.Connection));
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<LastAudit>();
        services.AddSingleton(static provider => new RetentionAuditor(
            new AuditedStore(provider.GetRequiredKeyedService<RedisConnection>(AuditOptions.Connection)),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value.KeysPerSecond,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<EpochCalendar>()));
        services.AddHostedService<AuditService>();
        return true;
    }
}
