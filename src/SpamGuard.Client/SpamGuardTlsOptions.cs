namespace SpamGuard.Client;

/// <summary>Certificates in files of PEM. A changed file counts from the next look at it on, without a restart; one that can't be used is logged, and what was read before goes on.</summary>
public sealed class SpamGuardTlsOptions
{
    /// <summary>Authorities that vouch for the server. Default: those of the machine.</summary>
    public string? CaPath { get; set; }

    /// <summary>The certificate that this caller is known by, those between it and its authority behind it. Goes with <see cref="KeyPath"/>.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The private key of <see cref="CertificatePath"/>, without a password.</summary>
    public string? KeyPath { get; set; }

    /// <summary>How often the files are looked at. 1 s to 1 h. Default: 10 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsSet => CaPath is not null || CertificatePath is not null || KeyPath is not null;
}
