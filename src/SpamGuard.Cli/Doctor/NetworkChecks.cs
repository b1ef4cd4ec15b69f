using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Cli.Doctor;

/// <summary>From the name of a server to a connection that a call could be made on: each step by itself, for a failed call tells them apart badly.</summary>
/// <param name="server">The server.</param>
/// <param name="tls">How a call would make its connection.</param>
/// <param name="patience">How long each step may take.</param>
/// <param name="report">Takes what is found.</param>
internal sealed class NetworkChecks(Uri server, SslClientAuthenticationOptions tls, TimeSpan patience, DoctorReport report)
{
    private const string NoAnswer = "no answer in time";
    private const string AskServer = "See that a process of SpamGuard runs there and listens on this port (Listeners:Grpc), and that nothing between refuses the connection.";

    private bool IsTls => string.Equals(server.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);

    /// <summary>Looks. Returns whether a call is worth a try.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Own();
        if (!await ResolveAsync(cancellationToken) || await ConnectAsync(cancellationToken) is not { } socket)
        {
            return false;
        }

        await using var stream = new NetworkStream(socket, ownsSocket: true);
        return IsTls ? await HandshakeAsync(stream, cancellationToken) : InTheClear();
    }

    private void Own()
    {
        if (tls.ClientCertificateContext?.TargetCertificate is not { } own)
        {
            report.Add(CheckNames.ClientCertificate, CheckState.Unknown, IsTls ? "none is given (--cert, --key)" : "none goes with http");
            return;
        }

        var (state, found) = CertificateCheck.Of(own, TimeProvider.System.GetUtcNow());
        report.Add(CheckNames.ClientCertificate, state, found, state is CheckState.Ok ? "" : "Have a new certificate issued for this caller, and name it by --cert and --key.");
    }

    private async Task<bool> ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(server.IdnHost, cancellationToken).WaitAsync(patience, cancellationToken);
            report.Add(CheckNames.Dns, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"{addresses.Length} {(addresses.Length == 1 ? "address" : "addresses")}"));
            return true;
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return report.Stop(CheckNames.Dns, e.Message, "See whether the name in --server is right, and whether this machine's resolver knows it.", isUnreachable: true);
        }
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(server.IdnHost, server.Port), cancellationToken).AsTask().WaitAsync(patience, cancellationToken);
            report.Add(CheckNames.Tcp, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"port {server.Port} takes connections"));
            return socket;
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            socket.Dispose();
            var found = e is SocketException { SocketErrorCode: var code } ? code.ToString() : NoAnswer; // the message would name the address
            report.Stop(CheckNames.Tcp, string.Create(CultureInfo.InvariantCulture, $"port {server.Port}: {found}"), AskServer, isUnreachable: true);
            return null;
        }
    }

    private bool InTheClear()
    {
        if (server.IsLoopback)
        {
            report.Add(CheckNames.Tls, CheckState.Ok, "none, on loopback");
        }
        else
        {
            report.Add(CheckNames.Tls, CheckState.Warn, "none: whoever is on the way reads the addresses", "Name an https:// server, or see that something else encrypts the way there.");
        }

        report.Add(CheckNames.ServerCertificate, CheckState.Unknown, "none goes with http");
        return true;
    }

    private async Task<bool> HandshakeAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var (certificate, seen, errors) = (default(X509Certificate2), string.Empty, SslPolicyErrors.None);
        using var secure = new SslStream(stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = server.IdnHost,
            ClientCertificateContext = tls.ClientCertificateContext,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, presented, chain, found) =>
            {
                (certificate, errors) = (presented is null ? null : X509CertificateLoader.LoadCertificate(presented.GetRawCertData()), found);
                seen = chain is null ? string.Empty : string.Join(", ", chain.ChainStatus.Select(static status => status.Status).Distinct());
                return found is SslPolicyErrors.None;
            },
        };
        string? failed = null;
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return report.Stop(
                CheckNames.Tls, NoAnswer, "See whether the process there hangs, and that this is its gRPC port, which is 5080 unless configured otherwise; a slow way there needs a longer --timeout.", isUnreachable: true);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            failed = (e.InnerException ?? e).Message;
        }

        using (certificate)
        {
            return Judge(secure, certificate, errors, seen, failed);
        }
    }

    private bool Judge(SslStream secure, X509Certificate2? certificate, SslPolicyErrors errors, string chain, string? failed)
    {
        if (certificate is not null && errors is not SslPolicyErrors.None)
        {
            var (state, life) = CertificateCheck.Of(certificate, TimeProvider.System.GetUtcNow());
            return report.Stop(
                CheckNames.ServerCertificate,
                $"{(errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"not for {server.Host}; " : "")}{(chain.Length > 0 ? $"chain: {chain}; " : "")}{life}",
                state is CheckState.Fail ? "Have the server's certificate renewed; if it is good, the clock of this machine is wrong."
                    : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "Name the server as its certificate does, or have one issued with this name among its SANs."
                    : "Name the authority that issued the server's certificate by --ca, and have the server send those between.");
        }

        if (failed is not null || certificate is null)
        {
            return report.Stop(CheckNames.Tls, failed ?? "the server has no certificate", "See whether this port speaks TLS at all, and HTTP/2 in it: the gRPC port is 5080 unless configured otherwise.");
        }

        if (secure.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            return report.Stop(CheckNames.Tls, "no HTTP/2", "Name the gRPC port, which is 5080 unless configured otherwise; a proxy before it must speak HTTP/2.");
        }

        report.Add(CheckNames.Tls, CheckState.Ok, $"{secure.SslProtocol}, HTTP/2");
        var (days, left) = CertificateCheck.Of(certificate, TimeProvider.System.GetUtcNow());
        report.Add(CheckNames.ServerCertificate, days, $"of a known authority, for {server.Host}; {left}", days is CheckState.Ok ? "" : "Have the server's certificate renewed: whatever renews it is late.");
        return true;
    }
}
