using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.IntegrationTests.Deployment.Rolling;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A real haproxy by the very file of the example, with two processes behind it.</summary>
public sealed partial class HaproxyTests(CallerServerFixture production) : IClassFixture<CallerServerFixture>
{
    private const int Calls = 40;
    private const string Served = "grpc_server_handled_total{grpc_service=\"spamguard.v1.ScoringService\",grpc_method=\"Score\",grpc_type=\"unary\",grpc_code=\"OK\"} ";
    private static readonly string Example = Path.Combine(RepositoryRoot.Folder, "protos", "examples", "haproxy", "haproxy.cfg");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly MethodConfig Retries = new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5, InitialBackoff = TimeSpan.FromMilliseconds(10), MaxBackoff = TimeSpan.FromMilliseconds(100), BackoffMultiplier = 2, RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    [Fact]
    public async Task Calls_ThroughTheExample_AreSpreadAndNoneIsLostWhenAProcessEnds()
    {
        await using var one = Program();
        await using var two = Program();
        one.Start();
        two.Start();
        var free = FreePorts.Take(2);
        var ports = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["5090"] = free[0], ["5091"] = free[1], ["5080"] = one.GrpcPort, ["5083"] = one.HealthPort, ["5180"] = two.GrpcPort, ["5183"] = two.HealthPort,
        };
        await using var haproxy = new Haproxy(free[0], _ => Port().Replace(File.ReadAllText(Example), match => ports[match.Value].ToString(CultureInfo.InvariantCulture)));
        await Poll.UntilAsync(async () => await IsReadyAsync(one) && await IsReadyAsync(two)).TimeoutAfter(StartLimit);
        await haproxy.StartAsync();
        using var byCall = Channel(free[0]);

        // One connection, and each call to the next process, once haproxy has found both.
        await Poll.UntilAsync(async () =>
        {
            await ScoreAsync(byCall);
            return await HandledAsync(one) > 0 && await HandledAsync(two) > 0;
        }).DefaultTimeout();
        var (before, beforeTwo) = (await HandledAsync(one), await HandledAsync(two));
        for (var i = 0; i < Calls; i++)
        {
            await ScoreAsync(byCall);
        }

        Assert.Equal((Calls / 2, Calls / 2), (await HandledAsync(one) - before, await HandledAsync(two) - beforeTwo));

        // A connection for each process, and all calls of each go there.
        using var first = Channel(free[1]);
        using var second = Channel(free[1]);
        (before, beforeTwo) = (await HandledAsync(one), await HandledAsync(two));
        for (var i = 0; i < Calls / 4; i++)
        {
            await ScoreAsync(first);
            await ScoreAsync(second);
        }

        Assert.Equal((Calls / 4, Calls / 4), (await HandledAsync(one) - before, await HandledAsync(two) - beforeTwo));

        // One ends while calls go on.
        one.BeginStop();
        var after = 0;
        while (one.ExitCode is null || after++ < Calls)
        {
            await Task.WhenAll(ScoreAsync(byCall), ScoreAsync(first), ScoreAsync(second));
        }

        Assert.Equal(0, one.ExitCode);
    }

    // The commented lines of the file: haproxy checks who calls, and to SpamGuard it is the caller.
    [Fact]
    public async Task Calls_OverTls_AreHaproxysOwnToSpamGuardAndNobodysWithoutACertificate()
    {
        var mounted = production.Mounted;
        using var files = new CertificateBundles(mounted.Authority.Server("haproxy"), mounted.Client(CallerServerFixture.Uri("forms")));
        var (grpc, health) = (new Uri(production.Url(Listener.Grpc)).Port, new Uri(production.Url(Listener.Health)).Port);
        var port = FreePorts.TakeOne();
        var ports = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["5090"] = port, ["5091"] = FreePorts.TakeOne(), ["5080"] = grpc, ["5083"] = health, ["5180"] = grpc, ["5183"] = health,
        };
        var text = Commented().Replace(Plain().Replace(File.ReadAllText(Example), ""), "  ${setting}")
            .Replace("bind :5090", "bind 127.0.0.1:5090", StringComparison.Ordinal)
            .Replace("haproxy-client.pem", files.Client, StringComparison.Ordinal)
            .Replace("haproxy.pem", files.Server, StringComparison.Ordinal)
            .Replace("callers-ca.crt", mounted.Authority.CaPath, StringComparison.Ordinal)
            .Replace(" ca.crt", " " + mounted.Authority.CaPath, StringComparison.Ordinal)
            .Replace("spamguard.example.org", "localhost", StringComparison.Ordinal);
        await using var haproxy = new Haproxy(port, _ => Port().Replace(text, match => ports[match.Value].ToString(CultureInfo.InvariantCulture)));
        await haproxy.StartAsync();
        var url = string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}");
        var request = new ScoreRequest { Event = new Event { Kind = EventKind.SignUp, Address = "25.78.0.1" } };

        var answer = await new ScoringService.ScoringServiceClient(mounted.Channel(url, mounted.Client(CallerServerFixture.Uri("r2")))).ScoreAsync(request).ResponseAsync.DefaultTimeout();
        var nobody = await Assert.ThrowsAsync<RpcException>(() => new ScoringService.ScoringServiceClient(mounted.Channel(url, certificate: null)).ScoreAsync(request).ResponseAsync.DefaultTimeout());

        Assert.Equal("forms", production.CallerOf(answer.Assessment.DecisionToken)); // and not r2, who reports only
        Assert.NotEqual(StatusCode.OK, nobody.StatusCode);
    }

    private static async Task ScoreAsync(GrpcChannel channel) => await new ScoringService.ScoringServiceClient(channel).ScoreAsync(
        new ScoreRequest { Event = new Event { Kind = EventKind.Message, Address = "25.77.0.1" }, RequestId = Guid.NewGuid().ToString() }).ResponseAsync.DefaultTimeout();

    private static GrpcChannel Channel(int port) => GrpcChannel.ForAddress(
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), new GrpcChannelOptions { ServiceConfig = new ServiceConfig { MethodConfigs = { Retries } } });

    private static async Task<int> HandledAsync(ServerProgram program) =>
        int.Parse((await program.MetricsAsync()).Split('\n').Single(static line => line.StartsWith(Served, StringComparison.Ordinal))[Served.Length..], CultureInfo.InvariantCulture);

    private static async Task<bool> IsReadyAsync(ServerProgram program)
    {
        Assert.True(program.ExitCode is null, program.Output);
        return await FreePorts.ListensAsync(program.HealthPort);
    }

    private static ServerProgram Program() => new("Development", [new("Drain__Delay", "00:00:03"), new("Signals__Budget", "00:00:00.200")]);

    [GeneratedRegex("5090|5091|5080|5083|5180|5183")]
    private static partial Regex Port();

    [GeneratedRegex("^  #   (?<setting>.*)$", RegexOptions.Multiline)]
    private static partial Regex Commented();

    // What the commented lines are in place of.
    [GeneratedRegex("^  (bind .* proto h2|default-server proto h2 .*)\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    /// <summary>Certificates with their keys behind them, as haproxy takes them.</summary>
    private sealed class CertificateBundles(TestCertificate server, TestCertificate client) : IDisposable
    {
        public string Server { get; } = Bundle(server);

        public string Client { get; } = Bundle(client);

        public void Dispose()
        {
            File.Delete(Server);
            File.Delete(Client);
        }

        private static string Bundle(TestCertificate certificate)
        {
            var file = Path.GetTempFileName();
            File.WriteAllText(file, File.ReadAllText(certificate.CertificatePath) + '\n' + File.ReadAllText(certificate.KeyPath));
            return file;
        }
    }
}
