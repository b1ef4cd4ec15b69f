using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers;

/// <summary>Certificates: section <c>Tls</c>. All three files, or none.</summary>
internal sealed class TlsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Tls";

    /// <summary>The key of <see cref="CertificatePath"/>.</summary>
    public const string CertificateKey = $"{Section}:{nameof(CertificatePath)}";

    /// <summary>The key of <see cref="KeyPath"/>.</summary>
    public const string KeyKey = $"{Section}:{nameof(KeyPath)}";

    /// <summary>The key of <see cref="ClientCaPath"/>.</summary>
    public const string ClientCaKey = $"{Section}:{nameof(ClientCaPath)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(CertificateKey), Setting.Text(KeyKey), Setting.Text(ClientCaKey)];

    /// <summary>The server's certificate in PEM, with those between it and its authority behind it.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>Its private key in PEM, without a password.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The authorities that vouch for clients, in PEM.</summary>
    public string? ClientCaPath { get; set; }

    /// <summary>The keys with what each is set to, and what it may be.</summary>
    internal IReadOnlyList<(string Key, string? Path, string Allowed)> Files =>
    [
        (CertificateKey, CertificatePath, TlsFiles.AllowedCertificate), (KeyKey, KeyPath, TlsFiles.AllowedKey), (ClientCaKey, ClientCaPath, TlsFiles.AllowedCa),
    ];

    /// <summary>Whether any of the files is named: then the gRPC and the HTTP listener demand certificates.</summary>
    internal bool IsConfigured => Files.Any(static file => !string.IsNullOrEmpty(file.Path));

    /// <summary>The first reading of the files; <c>null</c> where one is not named.</summary>
    internal MountedReading<TlsMaterial>? First { get; set; }
}

/// <summary>Refuses certificates that can't be used before anything listens, all faults at once.</summary>
internal sealed class TlsOptionsRules(CallerNeeds needs) : IValidateOptions<TlsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        if (!options.IsConfigured && !needs.Certificates)
        {
            return ValidateOptionsResult.Success;
        }

        List<string> faults =
        [
            .. options.Files.Where(static file => string.IsNullOrEmpty(file.Path)).Select(static file => $"{file.Key}: found nothing; allowed is {file.Allowed}."),
            .. options.First?.Faults ?? [],
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
