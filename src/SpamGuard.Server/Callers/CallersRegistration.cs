using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Callers;

/// <summary>Registers what tells callers apart.</summary>
internal static class CallersRegistration
{
    /// <summary>Reads certificates and callers of <c>Tls:*</c> and <c>Callers:*</c>, and watches them.</summary>
    public static WebApplicationBuilder AddCallers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CallerNeeds>();
        services.AddSettings<TlsOptions>(builder.Configuration, TlsOptions.Section, TlsOptions.Settings)
            .PostConfigure<TimeProvider, ILogger<FileWatch>>(static (options, time, logger) => options.First = CallerReadings.Of(options, time, logger));
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsRules>();
        services.AddSettings<CallerOptions>(builder.Configuration, CallerOptions.Section, CallerOptions.Settings)
            .PostConfigure<TimeProvider, ILogger<FileWatch>>(static (options, time, logger) =>
                (options.First, options.FirstDenied) = (CallerReadings.Callers(options.Path, time, logger), CallerReadings.Denied(options.DeniedPath, time, logger)));
        services.AddSingleton<IValidateOptions<CallerOptions>, CallerOptionsRules>();
        services.AddSingleton<IValidateOptions<ListenerOptions>, LoopbackRules>();
        services.AddSingleton(static provider => new LiveCallers(First(provider)));
        services.AddSingleton<CallerMetrics>();
        services.AddSingleton<CallerChecks>();
        services.AddSingleton<OpenStreams>();
        services.AddHostedService(static provider => provider.GetRequiredService<OpenStreams>());
        services.AddHostedService<CallerFileService>();
        return builder;
    }

    private static CallerSettings First(IServiceProvider provider)
    {
        var callers = provider.GetRequiredService<IOptions<CallerOptions>>().Value;
        return new CallerSettings(
            callers.First?.Value is { } entries ? new CallerDirectory(entries, before: null) : CallerDirectory.Empty,
            callers.FirstDenied?.Value ?? DenyList.Empty,
            provider.GetRequiredService<IOptions<TlsOptions>>().Value.First?.Value);
    }
}
