using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Disclosures;

/// <summary>Registers the gate for orders of authorities.</summary>
internal static class DisclosureRegistration
{
    /// <summary>Adds it. It needs the ledger and the desk's own connection to the store.</summary>
    public static void AddDisclosures(this IServiceCollection services)
    {
        services.AddSingleton<DisclosureBook>();
        services.AddSingleton<ILedgerBook>(static provider => provider.GetRequiredService<DisclosureBook>());
        services.AddSingleton<DisclosureMetrics>();
        services.AddSingleton<NamedSubjects>();
        services.AddSingleton<WrongKeys>();
        services.AddSingleton<DisclosureGate>();
    }
}
