using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Encrypts the connections of one driver, with the files as they are when it connects, and tells why that fails.</summary>
/// <param name="options">Where the files are.</param>
/// <param name="logger">Is told of each fault once, until it is another or the connection is back.</param>
/// <param name="certificates">Is shown the certificates of the store's servers.</param>
internal sealed partial class StoreTls(StoreTlsOptions options, ILogger logger, StoreCertificateMetrics? certificates)
{
    private readonly Lock _gate = new();
    private StoreTlsFiles? _lastGood;
    private string? _told;
    private string? _toldOfFiles;

    /// <summary>Has the driver encrypt.</summary>
    public void Apply(ConfigurationOptions configuration)
    {
        configuration.Ssl = true;
        Files(); // so that there is a last good one
        configuration.SslClientAuthenticationOptions = Authentication;
        configuration.LoggerFactory = new StoreTlsFailures(Failed);
    }

    /// <summary>A connection is back: what fails from here on is told again.</summary>
    public void Restored() => _told = null;

    private SslClientAuthenticationOptions Authentication(string host)
    {
        var files = Files() ?? throw new AuthenticationException("The files of Signals:Tls can't be used.");

        // A private authority publishes no list. What a certificate names as a place to get its issuer from is whatever the other side likes.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (files.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = files.Client,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, chain, errors) => IsGood(host, chain, errors),
        };
    }

    // As they are now; where they can't be used, as they were last: a writer may be at it.
    private StoreTlsFiles? Files()
    {
        var faults = new List<string>();
        var files = StoreTlsFiles.Read(options, faults);
        lock (_gate)
        {
            var fault = files is null ? string.Join(' ', faults) : null;
            if (fault is not null && !string.Equals(fault, _toldOfFiles, StringComparison.Ordinal))
            {
                Log.FilesRejected(logger, fault);
            }

            _toldOfFiles = fault;
            return _lastGood = files ?? _lastGood;
        }
    }

    private bool IsGood(string host, X509Chain? chain, SslPolicyErrors errors)
    {
        // One that is over is still the store's; a stranger's says nothing of when ours is.
        if (chain is { ChainElements.Count: > 0 } && Array.TrueForAll(chain.ChainStatus, static status => status.Status == X509ChainStatusFlags.NotTimeValid))
        {
            certificates?.Seen(host, chain);
        }

        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            Tell("the store's certificate is not for the host that the connection string names; mend the one or the other, or say sslHost=NAME in it");
        }
        else if (chain?.ChainStatus.Any(static status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true)
        {
            Tell("the store's certificate, or its authority's, has expired or is not yet valid");
        }
        else
        {
            Tell(string.IsNullOrEmpty(options.CaPath)
                ? "the store's certificate is not from an authority that this system trusts; Signals:Tls:CaPath names others"
                : "the store's certificate is not from an authority of Signals:Tls:CaPath");
        }

        return false;
    }

    private void Failed(Exception exception)
    {
        if (StoreTlsFailures.Refusal(exception) is { } refusal)
        {
            Tell(string.IsNullOrEmpty(options.CertificatePath)
                ? $"the store refuses the connection ({refusal}); it may ask for the client certificate of Signals:Tls:CertificatePath, which is not set"
                : $"the store refuses the client certificate of Signals:Tls:CertificatePath ({refusal})");
        }
        else if (StoreTlsFailures.IsNoTls(exception))
        {
            Tell("what answers speaks no TLS; see the port in the connection string and Signals:Tls");
        }
    }

    private void Tell(string fault)
    {
        lock (_gate)
        {
            if (string.Equals(fault, _told, StringComparison.Ordinal))
            {
                return;
            }

            _told = fault;
        }

        Log.Failed(logger, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.StoreTlsFailed, LogLevel.Error, "No TLS to the store: {Fault}.", EventName = "StoreTlsFailed")]
        public static partial void Failed(ILogger logger, string fault);

        [LoggerMessage(EventIds.StoreTlsFilesRejected, LogLevel.Error, "{Fault} The files as they were last stay in force.", EventName = "StoreTlsFilesRejected")]
        public static partial void FilesRejected(ILogger logger, string fault);
    }
}
