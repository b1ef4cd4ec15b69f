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

/// <summary>The service as an operator starts it: its own program, in production, on free ports of 127.0.0.1.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Uri _metrics;
    private bool _isEnded;

    private ServiceProcess(IReadOnlyDictionary<string, string> environment)
    {
        var ports = FreePorts.Take(4);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpamGuard.Server.dll"), "--environment", "Production"])
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
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Text(ports[0])}");
    }

    /// <summary>For clients of its services.</summary>
    public GrpcChannel Channel { get; }

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

    /// <summary>Starts it and lets it run, whatever becomes of it.</summary>
    /// <param name="environment">Variables over those of this process.</param>
    public static ServiceProcess Start(IReadOnlyDictionary<string, string> environment)
    {
        var service = new ServiceProcess(environment);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

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
            var health = await new HealthClient(Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
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
        Channel.Dispose();
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
