extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The command line against a server that demands certificates.</summary>
public sealed class CertificateTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private static readonly string[] Score = ["score", "85.7.3.9", "--kind", "sign-up"];

    [Fact]
    public async Task Score_WithCertificateKeyAndAuthority_IsAnswered()
    {
        var (code, output, errors) = await RunAsync([.. Score, .. Ca, .. Own("r1")]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.Contains("verdict\tALLOW", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WithoutCertificate_SaysWhatIsMissing() => Assert.Equal(
        (ExitCodes.Failure, "", "UNAUTHENTICATED: CERTIFICATE_MISSING: This listener needs a client certificate, and the connection has none.\n"),
        await RunAsync([.. Score, .. Ca]));

    [Fact]
    public async Task Score_WithoutTheRole_SaysWhichRolesMay() => Assert.Equal(
        (ExitCodes.Failure, "", "PERMISSION_DENIED: ROLE_MISSING: The caller may not call /spamguard.v1.ScoringService/Score. Roles that may: scorer.\n"),
        await RunAsync([.. Score, .. Ca, .. Own(CallerServerFixture.Roles("reporter"))]));

    [Fact]
    public async Task Score_ServerOfAnAuthorityThatIsNotTrusted_SaysSo()
    {
        var (code, output, errors) = await RunAsync([.. Score, .. Own("r1")]);

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        Assert.StartsWith($"INTERNAL: {server.Url(Listener.Grpc)}: no TLS connection, see --ca, --cert and --key: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_FilesThatCantBeUsed_AreNamed()
    {
        var own = server.Mounted.Client("r1.example.org");
        var other = server.Mounted.Client("r1.example.org");

        Assert.Equal((ExitCodes.Usage, "", $"--ca: {own.KeyPath}: holds no certificate in PEM.\n"), await RunAsync([.. Score, "--ca", own.KeyPath]));
        Assert.Equal(
            (ExitCodes.Usage, "", $"--key: {other.KeyPath}: holds no private key in PEM that fits --cert.\n"),
            await RunAsync([.. Score, .. Ca, "--cert", own.CertificatePath, "--key", other.KeyPath]));
        Assert.Equal(ExitCodes.NotFound, (await RunAsync([.. Score, "--ca", own.KeyPath + ".no"])).Code);
        Assert.Equal(
            (ExitCodes.Usage, "", "--cert and --key go together: a certificate and its private key.\nSee: spamguard score --help\n"),
            await RunAsync([.. Score, "--cert", own.CertificatePath]));
        Assert.Equal(
            (ExitCodes.Usage, "", "--ca, --cert and --key go with a --server of https:// only.\n"),
            await RunAsync([.. Score, .. Ca], "http://127.0.0.1:1"));
    }

    private string[] Ca => ["--ca", server.Mounted.Authority.CaPath];

    private string[] Own(string caller)
    {
        var certificate = server.Mounted.Client(CallerServerFixture.Uri(caller));
        return ["--cert", certificate.CertificatePath, "--key", certificate.KeyPath];
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string? url = null)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Verbs.RunAsync([.. arguments, "--server", url ?? server.Url(Listener.Grpc)], new Terminal(output, errors, _ => null), CancellationToken.None).DefaultTimeout();
        return (code, output.ToString().ReplaceLineEndings("\n"), errors.ToString().ReplaceLineEndings("\n"));
    }
}
