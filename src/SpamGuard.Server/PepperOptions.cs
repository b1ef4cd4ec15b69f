using Microsoft.Extensions.Options;
using SpamGuard.Epochs;

namespace SpamGuard.Server;

/// <summary>Where the pepper is: <c>Pepper:*</c>.</summary>
internal sealed class PepperOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Pepper";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text($"{Section}:{nameof(Path)}")];

    /// <summary>
    /// A mounted file of 32 bytes, or of lines of 64 hex digits or base64, the newest pepper first. Required but in development, where one is made
    /// for the run.
    /// </summary>
    public string? Path { get; set; }
}

/// <summary>Refuses a missing or unreadable pepper before anything listens.</summary>
internal sealed class PepperOptionsValidator(IHostEnvironment environment) : IValidateOptions<PepperOptions>
{
    private const string Allowed = "allowed is the path of a file with 32 bytes, or with lines of 64 hex digits or base64";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PepperOptions options)
    {
        if (string.IsNullOrEmpty(options.Path))
        {
            return environment.IsDevelopment()
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Pepper:Path: found nothing; {Allowed}, or the environment Development, where a pepper is made for the run.");
        }

        return PepperRing.TryRead(options.Path, out _, out var fault)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Pepper:Path: found '{options.Path}', {fault}; {Allowed}.");
    }
}

/// <summary>Registers the pepper.</summary>
internal static class PepperExtensions
{
    /// <summary>Reads the pepper of <c>Pepper:Path</c>; in development makes one where none is named.</summary>
    public static WebApplicationBuilder AddPepper(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PepperOptions>(builder.Configuration, PepperOptions.Section, PepperOptions.Settings);
        builder.Services.AddSingleton<IValidateOptions<PepperOptions>, PepperOptionsValidator>();
        builder.Services.AddSingleton(static services =>
        {
            var path = services.GetRequiredService<IOptions<PepperOptions>>().Value.Path;
            if (string.IsNullOrEmpty(path))
            {
                ServerLog.PepperMadeForThisRun(services.GetRequiredService<ILogger<PepperRing>>());
                return PepperRing.ForThisRun();
            }

            return PepperRing.TryRead(path, out var ring, out var fault) ? ring! : throw new StartRefusedException($"Pepper:Path: found {fault}.");
        });
        return builder;
    }
}
