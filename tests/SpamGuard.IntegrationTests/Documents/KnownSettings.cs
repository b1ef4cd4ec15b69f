using SpamGuard.Desk;
using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Server;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Health;
using SpamGuard.Server.Listeners;
using SpamGuard.Server.Tracing;
using SpamGuard.Storage.Redis;
using SpamGuard.Tags;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>Every setting that the server has, but for connection strings.</summary>
internal static class KnownSettings
{
    /// <summary>The names of the connection strings.</summary>
    public static IReadOnlyList<string> Connections { get; } = [SignalStoreOptions.Section, DeskOptions.Section, AuditOptions.Connection];

    public static IReadOnlyList<Setting> All { get; } =
    [
        .. SignalStoreOptions.Settings, .. DeskOptions.Settings, .. LedgerOptions.Settings, .. AuditOptions.Settings, .. SecretsOptions.Settings,
        .. PepperOptions.Settings, .. EpochOptions.Settings, .. PolicyOptions.Settings, .. TagOptions.Settings, .. TlsOptions.Settings,
        .. CallerOptions.Settings, .. DrainOptions.Settings, .. EdgeOptions.Settings, .. TracingOptions.Settings, .. ListenerOptions.Settings,
    ];
}
