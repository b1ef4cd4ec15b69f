using Microsoft.Extensions.Options;
using SpamGuard.Desk;
using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Health;
using SpamGuard.Server.Http;
using SpamGuard.Server.Listeners;
using SpamGuard.Server.Logs;
using SpamGuard.Server.Tracing;
using SpamGuard.Server.Transparency;

namespace SpamGuard.Server;

/// <summary>Puts the server together.</summary>
internal static class SpamGuardServer
{
    /// <summary>Builds a server that is checked and not yet started.</summary>
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder)
    {
        WithholdingLoggerFactory.Use(builder.Services);
        builder.AddSecrets(); // before whoever reads the configuration
        builder.AddLogs();
        builder.AddListeners();
        builder.AddCallers();
        builder.AddServerMetrics();
        var onlyAudits = AuditRegistration.OnlyAudits(builder.Configuration);
        if (!onlyAudits) // who hashes no address has no pepper
        {
            builder.AddPepper();
        }

        builder.AddSignalStore(onlyAudits); // before its users: hosted services start in this order
        var isDesk = builder.Services.AddDesk(builder.Configuration, isDevelopment: builder.Environment.IsDevelopment());
        var scores = !onlyAudits && (!isDesk || builder.Environment.IsDevelopment()); // on a laptop everything is one process
        builder.Services.AddRetentionAuditor(builder.Configuration, mayShareTheStore: builder.Environment.IsDevelopment());
        if (onlyAudits)
        {
            builder.Services.AddSpamGuardForAudits(builder.Configuration);
        }
        else
        {
            builder.Services.AddSpamGuard(builder.Configuration);
        }

        builder.AddGrpcApi(isDesk, scores);
        builder.AddTracing(scores || onlyAudits ? "spamguard" : "spamguard-desk");
        builder.AddHealth(isDesk, scores);
        if (isDesk)
        {
            builder.Services.AddTransparencyPage();
        }

        builder.Services.AddHostedService<Greeting>();
        if (!onlyAudits)
        {
            builder.Services.AddHostedService<WarmUp>();
        }

        var app = builder.Build();
        try
        {
            app.OwnEmbeddedStore();

            // Before the host starts, for the host logs a fault with a trace and an operator needs the line alone.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            app.Services.GetService<DeskLedger>();
            ConnectionEnd.Use(app);
            app.UseRouting();
            CallGate.Use(app);
            app.UseListenerSeparation();
            app.UseJsonErrors();
            app.MapGrpcApi();
            app.MapAuthz();
            app.MapServerMetrics();
            app.MapHealth();
            app.MapTransparency();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
