extern alias cli;

using System.Net;
using System.Net.Sockets;
using cli::SpamGuard.Cli;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The way from the command line to a server: past proxies, and to one that takes connections and never says a word.</summary>
public sealed class DoctorWayTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly TcpListener _mute = new(IPAddress.Loopback, 0);

    public void Dispose() => _mute.Dispose();

    [Fact]
    public async Task Verbs_ProxyInTheEnvironment_GoPastIt()
    {
        var url = server.Url(Listener.Grpc);

        var doctor = await BehindAProxyAsync("doctor", "--json", "--server", url);
        var score = await BehindAProxyAsync("score", "203.0.113.9", "--kind", "sign-up", "--server", url);

        Assert.Equal("ok", DoctorRun.Of(doctor.ExitCode, doctor.Output, doctor.Errors)["health"].State);
        Assert.Equal((ExitCodes.Ok, ""), (score.ExitCode, score.Errors));
    }

    [Fact]
    public async Task Doctor_ServerThatNeverAnswersTheHandshake_IsUnavailable()
    {
        var run = await DoctorRun.OfAsync($"https://{Mute()}", "--timeout", "0.2s");

        Assert.Equal((ExitCodes.Unavailable, "ok", "fail"), (run.Code, run["tcp"].State, run["tls"].State));
        Assert.Equal("no answer in time", run["tls"].Found);
        Assert.StartsWith("See whether the process there hangs", run["tls"].Fix, StringComparison.Ordinal);
        Assert.Equal("not looked at, because of tls", run["health"].Found);
    }

    [Fact]
    public async Task Doctor_ServerThatSpeaksNoTls_FailsTheHandshake()
    {
        var run = await DoctorRun.OfAsync(server.Url(Listener.Grpc).Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal((ExitCodes.VerificationFailed, "fail"), (run.Code, run["tls"].State));
        Assert.StartsWith("See whether this port speaks TLS at all", run["tls"].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ServerThatNeverAnswersACall_SaysSoAndIsUnavailable()
    {
        var mute = Mute();

        var run = await DoctorRun.OfAsync($"http://{mute}", "--timeout", "0.2s");

        Assert.Equal((ExitCodes.Unavailable, "fail"), (run.Code, run["health"].State));
        Assert.Equal($"DEADLINE_EXCEEDED: http://{mute}: no answer in the time that was given for it.", run["health"].Found);
    }

    private static Task<CommandRun> BehindAProxyAsync(params string[] command)
    {
        const string Nobody = "http://127.0.0.1:1";
        var start = CommandLineProgram.Of(command);
        return CommandRun.OfAsync(
            [start.FileName, .. start.ArgumentList],
            variables: [new("http_proxy", Nobody), new("https_proxy", Nobody), new("all_proxy", Nobody), new("no_proxy", null), new("NO_PROXY", null)]);
    }

    private string Mute()
    {
        _mute.Start();
        return _mute.LocalEndpoint is IPEndPoint { Port: var port } ? FormattableString.Invariant($"127.0.0.1:{port}") : throw new InvalidOperationException();
    }
}
