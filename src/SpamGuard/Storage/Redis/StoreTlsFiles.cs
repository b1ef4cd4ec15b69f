using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Storage.Redis;

/// <summary>What the files of <c>Signals:Tls</c> held at one reading.</summary>
/// <param name="Authorities">Who may sign the store's certificates; <c>null</c> for the system's authorities.</param>
/// <param name="Client">What this process shows; <c>null</c> for nothing.</param>
internal sealed record StoreTlsFiles(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Client)
{
    private const string AllowedCa = "allowed is the path of a PEM file with one certificate or more";
    private const string AllowedCertificate = "allowed is the path of a PEM file with a certificate";
    private const string AllowedKey = "allowed is the path of a PEM file with its private key, without a password";

    private const string CaKey = $"{StoreTlsOptions.Section}:{nameof(StoreTlsOptions.CaPath)}";
    private const string CertificateKey = $"{StoreTlsOptions.Section}:{nameof(StoreTlsOptions.CertificatePath)}";
    private const string KeyKey = $"{StoreTlsOptions.Section}:{nameof(StoreTlsOptions.KeyPath)}";

    /// <summary>Reads the files; <c>null</c> where something is wrong with them.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="faults">Takes a line for each fault: the key, what was found (never a file's content) and what is allowed.</param>
    public static StoreTlsFiles? Read(StoreTlsOptions options, ICollection<string> faults)
    {
        var before = faults.Count;
        var authorities = string.IsNullOrEmpty(options.CaPath) ? null : Certificates(CaKey, options.CaPath, AllowedCa, faults);
        var client = ReadClient(options, faults);
        return faults.Count == before ? new(authorities, client) : null;
    }

    private static SslStreamCertificateContext? ReadClient(StoreTlsOptions options, ICollection<string> faults)
    {
        var (certificatePath, keyPath) = (options.CertificatePath, options.KeyPath);
        if (string.IsNullOrEmpty(certificatePath) || string.IsNullOrEmpty(keyPath))
        {
            if (!string.IsNullOrEmpty(keyPath))
            {
                faults.Add($"{CertificateKey}: found nothing, and {KeyKey} is set; {AllowedCertificate}, or neither of the two.");
            }
            else if (!string.IsNullOrEmpty(certificatePath))
            {
                faults.Add($"{KeyKey}: found nothing, and {CertificateKey} is set; {AllowedKey}, or neither of the two.");
            }

            return null;
        }

        var chain = Certificates(CertificateKey, certificatePath, AllowedCertificate, faults);
        if (Text(KeyKey, keyPath, AllowedKey, faults) is not { } key || chain is null)
        {
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            var found = key.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? $"a key that can't be read or is not that of {CertificateKey}"
                : "a file without a private key";
            faults.Add($"{KeyKey}: found '{keyPath}', {found}; {AllowedKey}.");
            return null;
        }
    }

    private static X509Certificate2Collection? Certificates(string key, string path, string allowed, ICollection<string> faults)
    {
        if (Text(key, path, allowed, faults) is not { } text)
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            certificates.Clear(); // as good as none
        }

        if (certificates.Count > 0)
        {
            return certificates;
        }

        faults.Add($"{key}: found '{path}', a file without a certificate that can be read; {allowed}.");
        return null;
    }

    private static string? Text(string key, string path, string allowed, ICollection<string> faults)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"{key}: found '{path}', a file that can't be read ({e.GetType().Name}); {allowed}.");
            return null;
        }
    }
}
