using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>Registers what the desk publishes.</summary>
internal static class TransparencyRegistration
{
    /// <summary>Adds the book and what makes reports of it.</summary>
    public static IServiceCollection AddTransparency(this IServiceCollection services) => services
        .AddSingleton<TransparencyBook>()
        .AddSingleton<ILedgerBook>(static provider => provider.GetRequiredService<TransparencyBook>())
        .AddSingleton<DigestPages>()
        .AddSingleton(static provider => new TransparencyReporter(
            provider.GetRequiredService<TransparencyBook>(),
            provider.GetRequiredService<DeskLedger>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<LastAudit>()));
}
