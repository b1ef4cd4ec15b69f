using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Certificates, authorities, callers and the deny list change under a running server, and count from the next call on, on open connections too.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly CallerServerFixture _server = new();

    private TestCallers Mounted => _server.Mounted;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DenyList_OfASerialOrAName_EndsAConnectionThatIsOpen(bool bySerial)
    {
        var certificate = Mounted.Client(CallerServerFixture.Uri("r1"));
        var channel = _server.With(certificate);
        var bystander = _server.With(Mounted.Client("r1.example.org"));
        await ScoreAsync(channel);

        Mounted.Exchange("denied.txt", bySerial ? $"serial 00{certificate.Serial.ToLowerInvariant()} # lost\n" : $"san {CallerServerFixture.Uri("r1")}\n");
        var error = await UntilRefusedAsync(channel);

        Assert.Equal((StatusCode.Unauthenticated, "The client certificate is on the deny list of this service."), (error.StatusCode, error.Status.Detail));
        Assert.Equal("CERTIFICATE_DENIED", error.Info().Reason);
        await ScoreAsync(bystander);

        Mounted.Exchange("denied.txt", "everybody\n");
        await LoggedAsync("CallerFilesRejected");
        Assert.Equal("CERTIFICATE_DENIED", (await UntilRefusedAsync(channel)).Info().Reason);
        await ScoreAsync(bystander);
        Assert.Contains("spamguard_caller_files_rejected{files=\"denied\"} 1\n", await _server.MetricsAsync(), StringComparison.Ordinal);
        Assert.EndsWith(
            $"Callers:DeniedPath: {Mounted.PathOf("denied.txt")}: line 1: found 'everybody'; "
            + "allowed are lines of serial HEX, or of san and a whole URI or DNS name, and comments behind #.",
            Assert.Single(Logged("CallerFilesRejected")),
            StringComparison.Ordinal);

        Mounted.Exchange("denied.txt", "");
        await UntilServedAsync(channel);
    }

    [Fact]
    public async Task DenyList_OfAName_CountsBehindASidecarToo()
    {
        using var sidecar = GrpcChannel.ForAddress(_server.Url(Listener.Sidecar));
        var metadata = new Metadata { { "x-forwarded-client-cert", $"URI={CallerServerFixture.Uri("r1")}" } };
        await ScoreAsync(sidecar, metadata);

        Mounted.Exchange("denied.txt", $"san {CallerServerFixture.Uri("r1")}\n");

        Assert.Equal("CERTIFICATE_DENIED", (await UntilRefusedAsync(sidecar, metadata)).Info().Reason);
    }

    [Fact]
    public async Task Callers_RoleTakenAway_IsMissingOnAConnectionThatIsOpen()
    {
        var channel = _server.As("r1");
        await ScoreAsync(channel);

        Mounted.Exchange("callers.yaml", $"callers: {{r1: {{identities: [{CallerServerFixture.Uri("r1")}], roles: [reporter]}}}}\n");
        Assert.Equal("ROLE_MISSING", (await UntilRefusedAsync(channel)).Info().Reason);

        Mounted.Exchange("callers.yaml", $"callers: {{someone: {{identities: [{CallerServerFixture.Uri("someone")}], roles: [scorer]}}}}\n");
        await UntilAsync(channel, "CALLER_UNKNOWN");

        Mounted.Exchange("callers.yaml", "callers: {r1: {identities: [], roles: [admin]}}\n");
        await LoggedAsync("CallerFilesRejected");
        Assert.Equal("CALLER_UNKNOWN", (await UntilRefusedAsync(channel)).Info().Reason);
        Assert.Equal(
            [
                $"Files that tell callers apart can't be used (Callers), and what they said before stays in force. Callers:Path: {Mounted.PathOf("callers.yaml")}: line 1: callers.r1.identities: "
                + $"found an empty list; allowed are lists of whole URIs such as spiffe://example.org/web, and DNS names without wildcards. Callers:Path: {Mounted.PathOf("callers.yaml")}: "
                + "line 1: callers.r1.roles: found 'admin'; allowed are scorer, reporter, operator, privacy, legal.",
            ],
            Logged("CallerFilesRejected"));
        var metrics = await _server.MetricsAsync();
        Assert.Contains("spamguard_caller_files_rejected{files=\"callers\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_caller_reloads_total{files=\"callers\",result=\"applied\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_caller_reloads_total{files=\"callers\",result=\"rejected\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_callers 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_QuotaThatStaysTheSame_KeepsWhatIsLeftOfIt()
    {
        var before = File.ReadAllText(Mounted.PathOf("callers.yaml"));
        var channel = _server.As("score-limited");
        var scoring = new ScoringService.ScoringServiceClient(channel);
        for (var i = 0; i < 5; i++)
        {
            await ScoreAsync(channel);
        }

        Mounted.Exchange("callers.yaml", before.Replace("  forms:", "  renamed:", StringComparison.Ordinal));
        await LoggedAsync("CallerFilesApplied");
        Assert.Equal("QUOTA_EXCEEDED", (await UntilRefusedAsync(channel)).Info().Reason);

        Mounted.Exchange("callers.yaml", before.Replace("burst: 5", "burst: 6", StringComparison.Ordinal));
        await UntilServedAsync(channel);
    }

    [Fact]
    public async Task ServerCertificate_Renewed_IsShownToNewConnectionsWhileOldOnesGoOn()
    {
        var channel = _server.As("r1");
        await ScoreAsync(channel);
        var renewed = Mounted.Authority.Server("renewed");

        // The certificate alone first: with the old key it is no pair, and the old pair stays.
        Mounted.Exchange("server.crt", await File.ReadAllTextAsync(renewed.CertificatePath));
        await LoggedAsync("CallerFilesRejected");
        Assert.NotEqual(renewed.Serial, await ShownSerialAsync());
        Assert.Contains(
            $"Tls:KeyPath: found '{Mounted.PathOf("server.key")}', a key that does not fit the certificate; allowed is the path of a PEM file with the private key of that certificate, without a password.",
            Assert.Single(Logged("CallerFilesRejected")),
            StringComparison.Ordinal);

        Mounted.Exchange("server.key", await File.ReadAllTextAsync(renewed.KeyPath));
        await LoggedAsync("CallerFilesApplied");
        Assert.Equal(renewed.Serial, await ShownSerialAsync());
        await ScoreAsync(channel);
        using var certificate = renewed.Load();
        Assert.Contains(
            $"spamguard_server_certificate_expires_timestamp_seconds {new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds()}\n", await _server.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientAuthority_Exchanged_CountsOnConnectionsThatAreOpen()
    {
        using var next = new TestAuthority("next");
        var (old, renewed) = (_server.As("r1"), _server.With(next.Client([CallerServerFixture.Uri("r1")])));
        await ScoreAsync(old);
        Assert.Equal("CERTIFICATE_UNTRUSTED", (await UntilRefusedAsync(renewed)).Info().Reason);

        var both = await File.ReadAllTextAsync(Mounted.Authority.CaPath) + "\n" + await File.ReadAllTextAsync(next.CaPath);
        Mounted.Exchange("ca.crt", both);
        await UntilServedAsync(renewed);
        await ScoreAsync(old);

        Mounted.Exchange("ca.crt", await File.ReadAllTextAsync(next.CaPath));
        Assert.Equal("CERTIFICATE_UNTRUSTED", (await UntilRefusedAsync(old)).Info().Reason);
        await ScoreAsync(renewed);

        Mounted.Exchange("ca.crt", "no certificate\n");
        await LoggedAsync("CallerFilesRejected");
        await ScoreAsync(renewed);
    }

    private static async Task ScoreAsync(GrpcChannel channel, Metadata? metadata = null) => await new ScoringService.ScoringServiceClient(channel)
        .ScoreAsync(new ScoreRequest { Event = Events.SignUp("28.0.0.1") }, metadata).ResponseAsync.DefaultTimeout();

    private static async Task<RpcException?> TryAsync(GrpcChannel channel, Metadata? metadata)
    {
        try
        {
            await ScoreAsync(channel, metadata);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }

    private static async Task<RpcException> UntilRefusedAsync(GrpcChannel channel, Metadata? metadata = null)
    {
        RpcException? error = null;
        await Poll.UntilAsync(async () => (error = await TryAsync(channel, metadata)) is not null).DefaultTimeout();
        return error!;
    }

    private static Task UntilServedAsync(GrpcChannel channel) => Poll.UntilAsync(async () => await TryAsync(channel, metadata: null) is null).DefaultTimeout();

    private static Task UntilAsync(GrpcChannel channel, string reason) =>
        Poll.UntilAsync(async () => (await TryAsync(channel, metadata: null))?.Info().Reason == reason).DefaultTimeout();

    private Task LoggedAsync(string name) => Poll.UntilAsync(() => Task.FromResult(Logged(name).Count > 0)).DefaultTimeout();

    private IReadOnlyList<string> Logged(string name) => [.. _server.Logs.Logs.Where(log => log.Event.Name == name).Select(log => log.Message)];

    private async Task<string> ShownSerialAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(_server.Url(Listener.Grpc)).Port).DefaultTimeout();
        var shown = string.Empty;
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            shown = certificate?.GetSerialNumberString() ?? string.Empty;
            return shown.Length > 0;
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] }).DefaultTimeout();
        return shown;
    }
}
