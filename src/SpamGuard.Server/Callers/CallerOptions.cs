using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers;

/// <summary>Who may call: section <c>Callers</c>.</summary>
internal sealed class CallerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Callers";

    /// <summary>The key of <see cref="Path"/>.</summary>
    public const string PathKey = $"{Section}:{nameof(Path)}";

    /// <summary>The key of <see cref="DeniedPath"/>.</summary>
    public const string DeniedKey = $"{Section}:{nameof(DeniedPath)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(PathKey), Setting.Text(DeniedKey)];

    /// <summary>The file of callers, in YAML or JSON.</summary>
    public string? Path { get; set; }

    /// <summary>The file of certificates that are refused, a line each. Default: none.</summary>
    public string? DeniedPath { get; set; }

    /// <summary>The first reading of the callers; <c>null</c> without a file.</summary>
    internal MountedReading<IReadOnlyList<CallerEntry>>? First { get; set; }

    /// <summary>The first reading of who is denied; <c>null</c> without a file.</summary>
    internal MountedReading<DenyList>? FirstDenied { get; set; }
}

/// <summary>Refuses callers that can't be read before anything listens, all faults at once.</summary>
internal sealed class CallerOptionsRules(CallerNeeds needs) : IValidateOptions<CallerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CallerOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(options.Path))
        {
            if (needs.Callers)
            {
                faults.Add($"{CallerOptions.PathKey}: found nothing; allowed is the path of a YAML file of callers.");
            }
        }
        else if (!needs.Callers)
        {
            faults.Add($"{CallerOptions.PathKey}: found '{options.Path}', and nothing that tells callers apart; allowed is a file of callers with {TlsOptions.CertificateKey} or Listeners:Sidecar:Port.");
        }

        faults.AddRange(options.First?.Faults ?? []);
        faults.AddRange(options.FirstDenied?.Faults ?? []);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
