using Microsoft.Extensions.Options;
using SpamGuard.Epochs;
using SpamGuard.Storage;

namespace SpamGuard.Server;

/// <summary>Where the pepper is: <c>Pepper:*</c>.</summary>
internal sealed class PepperOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Pepper";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text($"{Section}:{nameof(Path)}")];

    /// <summary>
    /// A mounted folder of files with a pepper each, the last by name being the newest, or a file: see <see cref="PepperFiles"/>. Required but in
    /// development, where one is made for the run.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>The first reading; null where nothing is named.</summary>
    internal PepperReading? First { get; set; }
}

/// <summary>Refuses a missing or unreadable pepper before anything listens.</summary>
internal sealed class PepperOptionsValidator(IHostEnvironment environment) : IValidateOptions<PepperOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PepperOptions options)
    {
        if (options.First is not { } first)
        {
            return environment.IsDevelopment()
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"Pepper:Path: found nothing; allowed {PepperFiles.Allowed}, or the environment Development, where a pepper is made for the run.");
        }

        return first.Fault.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Pepper:Path: found '{options.Path}', {first.Fault}; allowed {PepperFiles.Allowed}.");
    }
}

/// <summary>Registers the peppers.</summary>
internal static class PepperExtensions
{
    /// <summary>Reads the peppers of <c>Pepper:Path</c> and watches them; in development makes one where none is named.</summary>
    public static WebApplicationBuilder AddPepper(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PepperOptions>(builder.Configuration, PepperOptions.Section, PepperOptions.Settings)
            .PostConfigure<TimeProvider, ILogger<FileWatch>>(static (options, time, logger) =>
                options.First = string.IsNullOrEmpty(options.Path) ? null : PepperReading.Of(options.Path, time, logger));
        builder.Services.AddSingleton<IValidateOptions<PepperOptions>, PepperOptionsValidator>();
        builder.Services.AddSingleton(static services =>
        {
            if (services.GetRequiredService<IOptions<PepperOptions>>().Value.First is { } first)
            {
                return new PepperRing(first.Peppers);
            }

            ServerLog.PepperMadeForThisRun(services.GetRequiredService<ILogger<PepperRing>>());
            return PepperRing.ForThisRun();
        });
        builder.Services.AddSingleton<PepperMetrics>();
        builder.Services.AddHostedService(static services => new PepperService(
            services.GetRequiredService<IOptions<PepperOptions>>().Value.First,
            services.GetRequiredService<PepperRing>(),
            services.GetRequiredService<EpochKeeper>(),
            services.GetRequiredService<StoreClock>(),
            services.GetRequiredService<PepperMetrics>(),
            services.GetRequiredService<ILogger<PepperService>>()));
        return builder;
    }
}
