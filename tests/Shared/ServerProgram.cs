using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using SpamGuard.Server.Listeners;
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
    private readonly List<string> _log = [];
    private readonly IReadOnlyList<int> _ports;
    private bool _isEnded;

    /// <summary>Prepares it; <see cref="Start"/> starts it.</summary>
    /// <param name="environment">As .NET calls it: <c>Production</c> or <c>Development</c>.</param>
    /// <param name="variables">Variables over those of this process; the last of a name counts.</param>
    /// <param name="prefix">What a shell does first, to end in the program that starts it or in <c>exec</c>; <c>null</c> for no shell.</param>
    /// <param name="folder">Where its files are; <c>null</c> for those of this build.</param>
    public ServerProgram(string environment, IEnumerable<KeyValuePair<string, string?>> variables, string? prefix = null, string? folder = null)
    {
        folder ??= AppContext.BaseDirectory;
        var ports = _ports = FreePorts.Take(5);
        string[] command = ["dotnet", Path.Combine(folder, Dll), "--environment", environment];
        string[] whole = prefix is null ? command : ["sh", "-c", $"{prefix} \"$@\"", "sh", .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
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
            start.Environment["Listeners__Transparency__Port"] = Text(ports[4]); // which is 5084 otherwise, and one process' only
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Read(e.Data, isLog: true);
        _process.ErrorDataReceived += (_, e) => Read(e.Data, isLog: false);
    }

    /// <summary>Everything that it can be made to log.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> AtTrace { get; } =
    [
        .. ((string[])["Default", "Grpc", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Hosting.Lifetime"])
            .Select(static category => KeyValuePair.Create($"Logging__LogLevel__{category}", (string?)"Trace")),
    ];

    /// <summary>Where it takes calls by gRPC.</summary>
    public int GrpcPort => _ports[0];

    /// <summary>The lines of its standard output.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_output)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>Where Prometheus scrapes it.</summary>
    public Uri MetricsUrl => new(Url(Listener.Metrics) + "/metrics");

    /// <summary>Where it answers probes.</summary>
    public int HealthPort => _ports[3];

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

    /// <summary>Whether a server says that it takes calls, and has a service if one is named.</summary>
    public static async Task<bool> IsServingAsync(GrpcChannel channel, string service = "")
    {
        try
        {
            var health = await new HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service }).ResponseAsync.DefaultTimeout();
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.NotFound)
        {
            return false; // not listening yet, or without that service
        }
    }

    /// <summary>Where a listener is in development, without certificates.</summary>
    public string Url(Listener listener) =>
        $"http://127.0.0.1:{Text(_ports[listener switch { Listener.Grpc => 0, Listener.Http => 1, Listener.Metrics => 2, Listener.Health => 3, Listener.Transparency => 4, _ => throw new ArgumentOutOfRangeException(nameof(listener)) }])}";

    /// <summary>What <c>GET /metrics</c> answers.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(MetricsUrl).DefaultTimeout();
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

    private void Read(string? line, bool isLog)
    {
        if (line is not null)
        {
            lock (_output)
            {
                if (isLog)
                {
                    _log.Add(line);
                }

                _output.AppendLine(line);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
