namespace SpamGuard.Server;

/// <summary>Chooses the store: Redis by <c>ConnectionStrings:Signals</c>, or in development the embedded one where none is named.</summary>
internal static class SignalStore
{
    private const string Name = "Signals";

    /// <summary>Registers the store.</summary>
    public static WebApplicationBuilder AddSignalStore(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration.GetConnectionString(Name)))
        {
            builder.AddEmbeddedStore();
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

    private static void AddEmbeddedStore(this WebApplicationBuilder builder)
    {
#if EMBEDDED_STORE
        if (builder.Environment.IsDevelopment())
        {
            var store = Embedded.EmbeddedStore.Start();
            builder.Configuration[$"ConnectionStrings:{Name}"] = store.ConnectionString;
            builder.Services.AddSingleton(_ => store);
            return;
        }
#endif
        builder.Services.AddOptions<MissingStore>()
            .Validate(static _ => false, $"ConnectionStrings:{Name}: found nothing; {Allowed}.")
            .ValidateOnStart();
    }

    private const string Allowed =
#if EMBEDDED_STORE
        "allowed is a Redis connection string such as 'redis:6379', or the environment Development, where a store is embedded";
#else
        "allowed is a Redis connection string such as 'redis:6379'; this build has no embedded store";
#endif

    /// <summary>Stands for a store that is not configured, so that it is refused together with all other faults.</summary>
    private sealed class MissingStore;
}
