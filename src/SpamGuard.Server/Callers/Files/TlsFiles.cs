using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Reads certificates and a key in PEM. They are taken as a whole or not at all: a key belongs to its certificate.</summary>
internal static class TlsFiles
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>What <c>Tls:CertificatePath</c> may name.</summary>
    public const string AllowedCertificate = "the path of a PEM file with the server's certificate, and behind it those between it and its authority";

    /// <summary>What <c>Tls:KeyPath</c> may name.</summary>
    public const string AllowedKey = "the path of a PEM file with the private key of that certificate, without a password";

    /// <summary>What <c>Tls:ClientCaPath</c> may name.</summary>
    public const string AllowedCa = "the path of a PEM file with the certificates of the authorities that vouch for clients, a self-signed one among them";

    /// <summary>Makes what the handshake needs, or tells all that is wrong, a line each. No line shows what a file holds.</summary>
    /// <param name="options">Names the files.</param>
    /// <param name="files">What they hold, by path.</param>
    /// <param name="faults">What is wrong.</param>
    public static TlsMaterial? Read(TlsOptions options, IReadOnlyDictionary<string, WatchedFile> files, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        var chain = Certificates(options.CertificatePath!, TlsOptions.CertificateKey, AllowedCertificate);
        var keyPem = Pem(options.KeyPath!, TlsOptions.KeyKey, AllowedKey);
        var authorities = Certificates(options.ClientCaPath!, TlsOptions.ClientCaKey, AllowedCa);
        var server = chain is not null && keyPem is not null ? WithKey(chain[0], keyPem, fault => Fault(TlsOptions.KeyKey, options.KeyPath!, fault, AllowedKey)) : null;
        var roots = authorities?.Where(static one => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData)).ToArray() ?? [];
        if (authorities is not null && roots.Length == 0)
        {
            Fault(TlsOptions.ClientCaKey, options.ClientCaPath!, "no certificate that is signed by itself", AllowedCa);
        }

        faults = found;
        return faults.Count > 0 ? null : new TlsMaterial(
            SslStreamCertificateContext.Create(server!, [.. chain!.Skip(1)], offline: true), [.. roots], [.. authorities!.Except(roots)]);

        void Fault(string key, string path, string fault, string allowed) => found.Add($"{key}: found '{path}', {fault}; allowed is {allowed}.");

        string? Pem(string path, string key, string allowed)
        {
            var file = files[path];
            if (file.Fault is { } fault)
            {
                Fault(key, path, fault, allowed);
            }

            return file.Fault is null ? Encoding.UTF8.GetString(file.Content) : null;
        }

        X509Certificate2Collection? Certificates(string path, string key, string allowed)
        {
            if (Pem(path, key, allowed) is not { } pem)
            {
                return null;
            }

            var certificates = new X509Certificate2Collection();
            try
            {
                certificates.ImportFromPem(pem);
            }
            catch (CryptographicException)
            {
                certificates.Clear();
            }

            if (certificates.Count > 0)
            {
                return certificates;
            }

            Fault(key, path, "no certificate in PEM", allowed);
            return null;
        }
    }

    private static X509Certificate2? WithKey(X509Certificate2 certificate, string keyPem, Action<string> fault)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), keyPem);
        }
        catch (ArgumentException)
        {
            fault("a key that does not fit the certificate");
        }
        catch (CryptographicException)
        {
            fault("no private key in PEM, or none of the certificate's");
        }

        return null;
    }
}
