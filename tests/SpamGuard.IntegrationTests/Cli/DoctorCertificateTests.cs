extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard doctor</c> on a server whose certificate is for localhost alone and ends in three days.</summary>
public sealed class DoctorCertificateTests(DoctorCertificateTests.EndingFixture server) : IClassFixture<DoctorCertificateTests.EndingFixture>
{
    [Fact]
    public async Task Doctor_ServerCertificateEndsSoon_Warns()
    {
        var run = await RunAsync("localhost");

        Assert.Equal((ExitCodes.Ok, "warn"), (run.Code, run["server_certificate"].State));
        Assert.StartsWith("of a known authority, for localhost; 3.0 days left", run["server_certificate"].Found, StringComparison.Ordinal);
        Assert.StartsWith("Have the server's certificate renewed", run["server_certificate"].Fix, StringComparison.Ordinal);
        Assert.Equal("ok", run["health"].State);
    }

    [Fact]
    public async Task Doctor_ServerCertificateIsOfAnotherName_FailsByTheName()
    {
        var run = await RunAsync("127.0.0.1");

        Assert.Equal((ExitCodes.VerificationFailed, "fail"), (run.Code, run["server_certificate"].State));
        Assert.StartsWith("not for 127.0.0.1; ", run["server_certificate"].Found, StringComparison.Ordinal);
        Assert.Contains("among its SANs", run["server_certificate"].Fix, StringComparison.Ordinal);
    }

    private Task<DoctorRun> RunAsync(string host)
    {
        var own = server.Mounted.Client(CallerServerFixture.Uri("r31"));
        Func<string, string[], Task<DoctorRun>> doctor = host is "localhost" ? (url, options) => DoctorRun.SettledAsync(url, options) : (url, options) => DoctorRun.OfAsync(url, options);
        return doctor(
            server.Url(Listener.Grpc).Replace("127.0.0.1", host, StringComparison.Ordinal), ["--ca", server.Mounted.Authority.CaPath, "--cert", own.CertificatePath, "--key", own.KeyPath]);
    }

    public sealed class EndingFixture : CallerServerFixture
    {
        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
        {
            var now = TimeProvider.System.GetUtcNow();
            var certificate = Mounted.Authority.Client(["localhost"], "ending", now.AddDays(-87), now.AddDays(3).AddHours(1), usage: "1.3.6.1.5.5.7.3.1");
            Mounted.Exchange("server.crt", File.ReadAllText(certificate.CertificatePath));
            Mounted.Exchange("server.key", File.ReadAllText(certificate.KeyPath));
            return base.SettingsAsync();
        }
    }
}
