using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using SpamGuard.Testing;
using SpamGuard.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>The server as an operator starts it: a process of its own, in production, on free ports, with a pepper from a file and certificates.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int MostAttempts = 200;
    private const string Identity = "spiffe://example.org/tests";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TestCallers _mounted = new($"callers: {{tests: {{identities: [{Identity}], roles: [scorer, reporter, operator, privacy, legal]}}}}\n");

    private readonly string _metrics;

    private ServerProcess(RedisFixture redis, string pepperPath, string environment, (string Name, string Value)[] variables)
    {
        var ports = FreePorts.Take(4);
        _metrics = $"http://127.0.0.1:{Text(ports[2])}/metrics";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpamGuard.Server.dll"), "--environment", environment])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ConnectionStrings__Signals"] = redis.ConnectionString(RedisAccount.Scorer),
                ["Signals__Budget"] = "00:00:00.200", // the processes under test share two cores with the callers
                ["Pepper__Path"] = pepperPath,
                ["Drain__Delay"] = "00:00:00",
                ["Listeners__Grpc__Port"] = Text(ports[0]),
                ["Listeners__Http__Port"] = Text(ports[1]),
                ["Listeners__Metrics__Port"] = Text(ports[2]),
                ["Listeners__Health__Port"] = Text(ports[3]),
            },
        };
        foreach (var (key, value) in _mounted.Settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);

        // Good for longer than the tests' wrong clocks are wrong.
        var now = TimeProvider.System.GetUtcNow();
        var client = _mounted.Authority.Client([Identity], notBefore: now.AddDays(-5), notAfter: now.AddDays(5));
        var url = $"https://127.0.0.1:{Text(ports[0])}";
        Channel = _mounted.Channel(url, client);
        CommandLine = ["--server", url, "--ca", _mounted.Authority.CaPath, "--cert", client.CertificatePath, "--key", client.KeyPath];
    }

    public GrpcChannel Channel { get; }

    /// <summary>The options by which the command line calls it.</summary>
    public IReadOnlyList<string> CommandLine { get; }

    public ScoringService.ScoringServiceClient Scoring => new(Channel);

    public FeedbackService.FeedbackServiceClient Feedback => new(Channel);

    /// <summary>What it wrote, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts a server and lets it run, whatever becomes of it.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="pepperPath">A file or a folder.</param>
    /// <param name="environment">Production, or Development.</param>
    /// <param name="variables">Environment variables of its own.</param>
    public static ServerProcess Start(
        RedisFixture redis, string pepperPath, string environment = "Production", params (string Name, string Value)[] variables)
    {
        var server = new ServerProcess(redis, pepperPath, environment, variables);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> ReadyAsync(
        RedisFixture redis, string pepperPath, string environment = "Production", params (string Name, string Value)[] variables)
    {
        var server = Start(redis, pepperPath, environment, variables);
        await Poll.UntilAsync(async () =>
        {
            Assert.True(server.ExitCode is null, $"The server ended with code {server.ExitCode}:\n{server.Output}");
            return await server.IsServingAsync();
        }).TimeoutAfter(StartLimit);
        return server;
    }

    /// <summary>Scores until there is an answer: by the same id, so that an attempt that was counted and not answered counts once.</summary>
    public async Task<Assessment> ScoreAsync(ScoreRequest request) => (await AnsweredAsync(() => Scoring.ScoreAsync(request))).Assessment;

    /// <summary>Calls until there is an answer that the store had a part in; the last failure is thrown.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await call().ResponseAsync.DefaultTimeout();
                var assessment = (answer as ScoreResponse)?.Assessment ?? (answer as PreviewResponse)?.Assessment;
                if (assessment?.Quality != Quality.Degraded || attempt == MostAttempts)
                {
                    return answer;
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && attempt < MostAttempts)
            {
                // again
            }

            // The breaker pauses for two seconds; a request id is remembered for sixty.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>What <c>GET /metrics</c> answers.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(_metrics)).DefaultTimeout();
    }

    public async Task<bool> IsServingAsync()
    {
        try
        {
            var health = await new HealthClient(Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false; // not listening yet
        }
    }

    /// <summary>Ends it as an orchestrator does. Returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited && Kill(_process.Id, SigTerm) != 0)
        {
            throw new InvalidOperationException($"kill -{SigTerm} {_process.Id} failed with errno {Marshal.GetLastPInvokeError()}.");
        }

        await _process.WaitForExitAsync().DefaultTimeout();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _mounted.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private void Read(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
