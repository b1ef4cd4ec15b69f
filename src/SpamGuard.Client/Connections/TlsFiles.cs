using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Client.Connections;

/// <summary>The certificates of a moment, read from files.</summary>
internal sealed class TlsFiles
{
    private TlsFiles(SslClientAuthenticationOptions options, byte[] digest) => (Options, Digest) = (options, digest);

    /// <summary>What a connection is made with.</summary>
    public SslClientAuthenticationOptions Options { get; }

    /// <summary>Of the files' bytes: another one, other files.</summary>
    public byte[] Digest { get; }

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">A file can't be read, or what is in it is not what it must be: the message names the key.</exception>
    public static TlsFiles Read(SpamGuardTlsOptions tls)
    {
        var (ca, certificate, key) = (Bytes(nameof(tls.CaPath), tls.CaPath), Bytes(nameof(tls.CertificatePath), tls.CertificatePath), Bytes(nameof(tls.KeyPath), tls.KeyPath));
        var options = new SslClientAuthenticationOptions();
        if (ca is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates(nameof(tls.CaPath), tls.CaPath!, ca));
        }

        if (certificate is not null && key is not null)
        {
            var chain = Certificates(nameof(tls.CertificatePath), tls.CertificatePath!, certificate);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(Own(chain[0], tls.KeyPath!, key), [.. chain.Skip(1)], offline: true);
        }

        return new TlsFiles(options, DigestOf(ca, certificate, key));
    }

    /// <summary>The digest of what is in the files now.</summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static byte[] DigestNow(SpamGuardTlsOptions tls) =>
        DigestOf(Bytes(nameof(tls.CaPath), tls.CaPath), Bytes(nameof(tls.CertificatePath), tls.CertificatePath), Bytes(nameof(tls.KeyPath), tls.KeyPath));

    private static byte[] DigestOf(params ReadOnlySpan<byte[]?> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(SHA256.HashData(file ?? []));
        }

        return hash.GetHashAndReset();
    }

    private static byte[]? Bytes(string name, string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"{Key(name)}: found '{path}', which can't be read; allowed is a file in PEM.", e);
        }
    }

    private static X509Certificate2Collection Certificates(string name, string path, byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? certificates : throw new IOException($"{Key(name)}: found '{path}', which holds no certificate; allowed is a file of certificates in PEM.");
    }

    private static X509Certificate2 Own(X509Certificate2 certificate, string path, byte[] key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), System.Text.Encoding.UTF8.GetString(key));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{Key(nameof(SpamGuardTlsOptions.KeyPath))}: found '{path}', which holds no key that fits the certificate; allowed is its private key in PEM, without a password.", e);
        }
    }

    private static string Key(string name) => $"{SpamGuardClientOptions.Section}:{nameof(SpamGuardClientOptions.Tls)}:{name}";
}
