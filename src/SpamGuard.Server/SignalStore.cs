using Microsoft.Extensions.Options;
using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Server;

/// <summary>Chooses the store: Redis by <c>ConnectionStrings:Signals</c>, or in development the embedded one where none is named.</summary>
internal static class SignalStore
{
    /// <summary>Registers the store. One that is not configured is refused when the options are checked, together with all other faults.</summary>
    /// <param name="builder">Takes the services.</param>
    /// <param name="onlyAudits">Whether this process only audits: then there is no store but the auditor's own connection, and nobody else's password.</param>
    public static WebApplicationBuilder AddSignalStore(this WebApplicationBuilder builder, bool onlyAudits)
    {
        builder.Services.AddSingleton<IValidateOptions<SignalStoreOptions>, EncryptedStoreRules>();
#if EMBEDDED_STORE
        if (builder.Environment.IsDevelopment() && string.IsNullOrEmpty(builder.Configuration.GetConnectionString(SignalStoreOptions.Section)))
        {
            var store = Embedded.EmbeddedStore.Start();
            builder.Configuration[$"ConnectionStrings:{SignalStoreOptions.Section}"] = store.ConnectionString;
            builder.Services.AddSingleton(_ => store); // by a factory, for what a container did not make it does not end
        }
#endif
        if (onlyAudits)
        {
            var shares = builder.Environment.IsDevelopment() && builder.Configuration.GetConnectionString(AuditOptions.Connection) is null;
            builder.Services.AddRedisSettings(builder.Configuration, shares ? SignalStoreOptions.Section : AuditOptions.Connection);
            return builder;
        }

        builder.Services.AddRedisSignalStore(builder.Configuration);
        return builder;
    }

    /// <summary>Hands the embedded store, where there is one, to the container, which ends it with the server.</summary>
    public static void OwnEmbeddedStore(this WebApplication app)
    {
#if EMBEDDED_STORE
        if (app.Services.GetService<Embedded.EmbeddedStore>() is not null)
        {
            ServerLog.EmbeddedStoreStarted(app.Services.GetRequiredService<ILogger<Embedded.EmbeddedStore>>());
        }
#endif
    }
}
