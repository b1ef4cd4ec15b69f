using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.Testing;

/// <summary>The server's own program as a process, on free ports of 127.0.0.1. What it is told, and who calls it, is its user's business.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    /// <summary>A signal that ends a process by a core dump, and that the runtime does not catch: SIGABRT it does, once.</summary>
    public const int SigSys = 31;

    /// <summary>The program.</summary>
    public const string Dll = "SpamGuard.Server.dll";

    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Uri _metrics;
    private bool _isEnded;

    /// <summary>Prepares it; <see cref="Start"/> starts it.</summary>
    /// <param name="environment">As .NET calls it: <c>Production</c> or <c>Development</c>.</param>
    /// <param name="variables">Variables over those of this process; the last of a name counts.</param>
    /// <param name="prefix">What a shell does first, to end in the program that starts it or in <c>exec</c>; <c>null</c> for no shell.</param>
    /// <param name="folder">Where the program is; that of the tests by default.</param>
    public ServerProgram(string environment, IEnumerable<KeyValuePair<string, string?>> variables, string? prefix = null, string? folder = null)
    {
        var ports = FreePorts.Take(4);
        var home = folder ?? AppContext.BaseDirectory;
        string[] command = ["dotnet", Path.Combine(home, Dll), "--environment", environment];
        string[] whole = prefix is null ? command : ["sh", "-c", $"{prefix} \"$@\"", "sh", .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
            Environment =
            {
                ["Listeners__Grpc__Port"] = Text(ports[0]),
                ["Listeners__Http__Port"] = Text(ports[1]),
                ["Listeners__Metrics__Port"] = Text(ports[2]),
                ["Listeners__Health__Port"] = Text(ports[3]),
            },
        };
        if (string.Equals(environment, "Development", StringComparison.Ordinal))
        {
            start.Environment["Listeners__Transparency__Port"] = "0"; // which is 5084 otherwise, and one process' only
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _metrics = new Uri($"http://127.0.0.1:{Text(ports[2])}/metrics");
        GrpcPort = ports[0];
        HealthPort = ports[3];
    }

    /// <summary>Where it takes calls by gRPC.</summary>
    public int GrpcPort { get; }

    /// <summary>Where it answers probes.</summary>
    public int HealthPort { get; }

    /// <summary>Its process id, once it is started.</summary>
    public int Id => _process.Id;

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

    /// <summary>Its exit code; <c>null</c> while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts it and lets it run, whatever becomes of it.</summary>
    public void Start()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether a server says that it takes calls.</summary>
    public static async Task<bool> IsServingAsync(GrpcChannel channel)
    {
        try
        {
            var health = await new HealthClient(channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false; // not listening yet
        }
    }

    /// <summary>What <c>GET /metrics</c> answers.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(_metrics).DefaultTimeout();
    }

    /// <summary>Tells it to end, and does not wait for that.</summary>
    public void BeginStop() => Signal(SigTerm);

    /// <summary>Freezes it: its listeners are there and nothing answers, until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigContinue);

    /// <summary>Ends it, as an orchestrator does where nothing is said. Returns its exit code.</summary>
    /// <exception cref="InvalidOperationException">It can't be signalled.</exception>
    public async Task<int> StopAsync(int signal = SigTerm)
    {
        Signal(signal);
        await _process.WaitForExitAsync().DefaultTimeout();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private void Signal(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill -{signal} {_process.Id} failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

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
