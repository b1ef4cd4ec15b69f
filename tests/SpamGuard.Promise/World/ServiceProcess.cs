using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using SpamGuard.Testing;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.Promise.World;

/// <summary>The service as an operator starts it: its own program, on free ports of 127.0.0.1, and clients that show it their certificates.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const string Listening = "0A"; // in /proc/net/tcp
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private readonly Callers _callers;
    private readonly Uri _metrics;
    private bool _isEnded;

    private ServiceProcess(string kind, Callers callers, IReadOnlyDictionary<string, string> environment)
    {
        _callers = callers;
        var ports = FreePorts.Take(4);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpamGuard.Server.dll"), "--environment", kind])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["Listeners__Grpc__Port"] = Text(ports[0]),
                ["Listeners__Http__Port"] = Text(ports[1]),
                ["Listeners__Metrics__Port"] = Text(ports[2]),
                ["Listeners__Health__Port"] = Text(ports[3]),
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _metrics = new Uri($"http://127.0.0.1:{Text(ports[2])}/metrics");
        Url = $"https://localhost:{Text(ports[0])}";
    }

    /// <summary>Where it takes calls by gRPC.</summary>
    public string Url { get; }

    /// <summary>Its process id.</summary>
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

    /// <summary>A variable of the environment in which it runs, as the system has it; <c>null</c> where it is not set.</summary>
    public string? Setting(string name) =>
        File.ReadAllText($"/proc/{Text(_process.Id)}/environ").Split('\0')
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => pair[(name.Length + 1)..])
            .FirstOrDefault();

    /// <summary>The TCP ports that it listens on, as the system has them.</summary>
    public IReadOnlyList<int> Ports()
    {
        var sockets = Directory.GetFileSystemEntries($"/proc/{Text(_process.Id)}/fd").Select(static entry => File.ResolveLinkTarget(entry, returnFinalTarget: false)?.Name ?? "").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(table => File.ReadLines($"/proc/{Text(_process.Id)}/net/{table}").Skip(1))
                .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == Listening && sockets.Contains($"socket:[{columns[9]}]"))
                .Select(static columns => int.Parse(columns[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Distinct(),
        ];
    }

    /// <summary>Starts it and lets it run, whatever becomes of it.</summary>
    /// <param name="kind">The environment, as .NET calls it: <c>Production</c> or <c>Development</c>.</param>
    /// <param name="callers">Who calls it.</param>
    /// <param name="environment">Variables over those of this process.</param>
    public static ServiceProcess Start(string kind, Callers callers, IReadOnlyDictionary<string, string> environment)
    {
        var service = new ServiceProcess(kind, callers, environment);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>The connection of a caller, kept open.</summary>
    public GrpcChannel As(string caller)
    {
        lock (_channels)
        {
            return _channels.TryGetValue(caller, out var channel) ? channel : _channels[caller] = With(_callers.Certificate(caller));
        }
    }

    /// <summary>A connection of its own, with a certificate or without.</summary>
    public GrpcChannel With(TestCertificate? certificate) => _callers.Mounted.Channel(Url, certificate);

    /// <summary>Waits until it takes calls.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => Poll.UntilAsync(async () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode is null ? await IsServingAsync() : throw new PromiseException($"The service ended with code {ExitCode}:\n{Output}");
    }).TimeoutAfter(StartLimit);

    /// <summary>Whether it says that it takes calls.</summary>
    public async Task<bool> IsServingAsync()
    {
        try
        {
            var health = await new HealthClient(As(Callers.Scorer)).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false; // not listening yet
        }
    }

    /// <summary>What a scraper gets.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(_metrics).DefaultTimeout();
    }

    /// <summary>The sum of the series of a metric whose labels hold some text; <c>null</c> where there is none.</summary>
    public async Task<double?> MetricAsync(string name, string label = "")
    {
        var values = (await MetricsAsync()).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is (' ' or '{') && line.Contains(label, StringComparison.Ordinal))
            .Select(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    /// <summary>Ends it as an orchestrator does.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited && Kill(_process.Id, SigTerm) != 0)
        {
            throw new PromiseException($"kill -{SigTerm} {_process.Id} failed with errno {Marshal.GetLastPInvokeError()}.");
        }

        await _process.WaitForExitAsync().DefaultTimeout();
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
