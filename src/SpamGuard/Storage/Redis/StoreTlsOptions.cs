namespace SpamGuard.Storage.Redis;

/// <summary>TLS to the store: <c>Signals:Tls:*</c>. Where any of its files is set, every connection of the process to the store is encrypted.</summary>
/// <remarks>The files are read at every connecting, so a renewed one is used from the next connection on, without a restart.</remarks>
internal sealed class StoreTlsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = $"{SignalStoreOptions.Section}:{nameof(SignalStoreOptions.Tls)}";

    /// <summary>The key of <see cref="BySidecar"/>.</summary>
    public const string BySidecarKey = $"{Section}:{nameof(BySidecar)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Text($"{Section}:{nameof(CaPath)}"),
        Setting.Text($"{Section}:{nameof(CertificatePath)}"),
        Setting.Text($"{Section}:{nameof(KeyPath)}"),
        Setting.Flag(BySidecarKey),
    ];

    /// <summary>PEM file of the authorities, one or more, that may sign the store's certificates; empty for those of the system.</summary>
    public string? CaPath { get; set; }

    /// <summary>PEM file of the client certificate, with those that lead from it to its authority behind it; empty for none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file of the client certificate's private key, without a password.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Whether something else on this machine, such as a service mesh, encrypts the way to the store, so that this process need not. Default: no.</summary>
    public bool BySidecar { get; set; }

    /// <summary>Whether any of the files is set.</summary>
    public bool IsSet => !string.IsNullOrEmpty(CaPath) || !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath);
}
