using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Cli.Calls;

/// <summary>Certificates of calls: by whose word a server is trusted, and who we are.</summary>
internal sealed class ServerTls
{
    private readonly Option<string?> _ca = new("--ca") { Description = "Authorities that vouch for the server, in PEM. [default: those of this machine]", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "Our certificate in PEM, with those between it and its authority behind it.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "The private key of --cert in PEM, without a password.", HelpName = "FILE" };

    /// <summary>Adds the options to a verb.</summary>
    public ServerTls(Command command)
    {
        command.Add(_ca);
        command.Add(_certificate);
        command.Add(_key);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_certificate) is null) != (result.GetValue(_key) is null))
            {
                result.AddError("--cert and --key go together: a certificate and its private key.");
            }
        });
    }

    /// <summary>What makes the connections, as the command line says; or what of it can't be used, in one line.</summary>
    /// <exception cref="IOException">A file is not there, or can't be read.</exception>
    public bool TryHandler(ParseResult parsed, Uri server, [NotNullWhen(true)] out SocketsHttpHandler? handler, out string? fault)
    {
        handler = null;
        fault = null;
        var (ca, certificate, key) = (parsed.GetValue(_ca), parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (!string.Equals(server.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) && (ca is not null || certificate is not null))
        {
            fault = "--ca, --cert and --key go with a --server of https:// only.";
            return false;
        }

        var tls = new SslClientAuthenticationOptions();
        if (ca is not null)
        {
            if (Certificates(ca) is not { } authorities)
            {
                fault = $"--ca: {ca}: holds no certificate in PEM.";
                return false;
            }

            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (certificate is not null && (tls.ClientCertificateContext = Own(certificate, key!, out fault)) is null)
        {
            return false;
        }

        handler = new SocketsHttpHandler { SslOptions = tls, UseProxy = false }; // straight to the server, as doctor looks at the way there
        return true;
    }

    private static SslStreamCertificateContext? Own(string path, string keyPath, out string? fault)
    {
        fault = null;
        if (Certificates(path) is not { } chain)
        {
            fault = $"--cert: {path}: holds no certificate in PEM.";
            return null;
        }

        try
        {
            var own = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), File.ReadAllText(keyPath));
            return SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            fault = $"--key: {keyPath}: holds no private key in PEM that fits --cert.";
            return null;
        }
    }

    private static X509Certificate2Collection? Certificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        var pem = File.ReadAllText(path);
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return certificates.Count == 0 ? null : certificates;
    }
}
