using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Observations;
using SpamGuard.Desk.Overrides;
using SpamGuard.Desk.Transparency;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk;

/// <summary>Registers what only the desk has.</summary>
internal static class DeskRegistration
{
    /// <summary>
    /// Adds the desk's own connection to the store, and the store over it without a budget or a breaker: its services are keyed by
    /// <see cref="DeskOptions.Section"/>. Nothing of it is there where <c>Desk:Enabled</c> is not true.
    /// </summary>
    /// <param name="services">Takes the services.</param>
    /// <param name="configuration">Holds <c>Desk:*</c> and the connection strings.</param>
    /// <param name="isDevelopment">Whether a desk without a connection of its own takes the scorers', and without a ledger makes one for the run.</param>
    /// <returns>Whether this process is the desk.</returns>
    public static bool AddDesk(this IServiceCollection services, IConfiguration configuration, bool isDevelopment)
    {
        var isDesk = configuration.IsOn(DeskOptions.EnabledKey);
        services.AddSettings<DeskOptions>(configuration, DeskOptions.Section, DeskOptions.Settings).Configure(options =>
            options.ConnectionString = configuration.GetConnectionString(DeskOptions.Section)
                ?? (isDevelopment ? configuration.GetConnectionString(SignalStoreOptions.Section) : null)
                ?? string.Empty);
        services.AddSingleton<IValidateOptions<DeskOptions>, DeskOptionsRules>();
        services.AddSettings<LedgerOptions>(configuration, LedgerOptions.Section, LedgerOptions.Settings)
            .Configure(options => (options.IsOfADesk, options.MayEndWithTheProcess) = (isDesk, isDevelopment));
        services.AddSingleton<IValidateOptions<LedgerOptions>, LedgerOptionsRules>();
        if (!isDesk)
        {
            return false;
        }

        services.AddKeyedSingleton(DeskOptions.Section, static (provider, _) => new RedisConnection(
            Options.Create(provider.GetRequiredService<IOptions<SignalStoreOptions>>().Value.As(provider.GetRequiredService<IOptions<DeskOptions>>().Value.ConnectionString)),
            provider.GetRequiredService<ILogger<RedisConnection>>(),
            certificates: provider.GetRequiredService<StoreCertificateMetrics>()));

        // Not by AddHostedService, which takes one of a type: that is the scorers' connection.
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredKeyedService<RedisConnection>(DeskOptions.Section));
        services.AddKeyedSingleton<ISignalStore>(DeskOptions.Section, static (provider, _) =>
            new RedisSignalStore(provider.GetRequiredKeyedService<RedisConnection>(DeskOptions.Section), Scripts.InService));
        services.AddSingleton<ISubjectStore>(static provider =>
            new RedisSubjectStore(provider.GetRequiredKeyedService<RedisConnection>(DeskOptions.Section), Scripts.InService));
        services.AddSingleton<IRollStore>(static provider =>
            new RedisRollStore(provider.GetRequiredKeyedService<RedisConnection>(DeskOptions.Section), Scripts.InService));
        services.AddSingleton<IOverrideStore>(static provider =>
            new RedisOverrideStore(provider.GetRequiredKeyedService<RedisConnection>(DeskOptions.Section), Scripts.InService));
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<DeskLedger>();
        services.AddHostedService<LedgerAuditService>();
        services.AddSingleton<ObservationBook>();
        services.AddSingleton<ILedgerBook>(static provider => provider.GetRequiredService<ObservationBook>());
        services.AddHostedService<ObservationService>();
        services.AddTransparency();
        services.AddSingleton<SubjectMetrics>();
        services.AddSingleton<SubjectTokens>();
        services.AddSingleton<SubjectInspector>();
        services.AddSingleton<SubjectEraser>();
        services.AddSingleton<EpochRoller>();
        services.AddDisclosures();
        services.AddSingleton<OverrideBook>();
        services.AddSingleton<ILedgerBook>(static provider => provider.GetRequiredService<OverrideBook>());
        services.AddSingleton<OverrideSubjects>();
        services.AddSingleton<OverrideDesk>();
        return true;
    }
}
