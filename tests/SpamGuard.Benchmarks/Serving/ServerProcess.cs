using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Serving;

/// <summary>The server under test: this program again, as a process of its own, and channels to it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private GrpcChannel? _channel;

    private ServerProcess(Process process) => _process = process;

    public ScoringService.ScoringServiceClient Scoring => new(Channel);

    public Probe.ProbeClient Probe => new(Channel);

    private GrpcChannel Channel => _channel ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>Starts the server as it is deployed, but for certificates: those would be measured, and not the service. So it is in development.</summary>
    /// <param name="store">The connection string of its store.</param>
    /// <param name="pepper">Its pepper.</param>
    /// <param name="budget">The budget of a call to the store.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<ServerProcess> StartAsync(string store, byte[] pepper, TimeSpan budget, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("spamguard-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "pepper");
            await File.WriteAllBytesAsync(path, pepper, cancellationToken);
            return await StartAsync(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ConnectionStrings__Signals"] = store,
                    ["Pepper__Path"] = path,
                    [$"Signals__{nameof(SignalStoreOptions.Budget)}"] = budget.ToString("c", CultureInfo.InvariantCulture),
                },
                cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true); // read by the time the server listens
        }
    }

    private static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(new Process { StartInfo = StartInfo(settings) });
        try
        {
            server._process.Start();
            var authority = await server._process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().TimeoutAfter(StartLimit)
                ?? throw new BenchmarkException("The server did not start; what it said stands above.");
            server._channel = GrpcChannel.ForAddress($"http://{authority}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Bytes that the server has allocated since its start.</summary>
    public async Task<long> AllocatedAsync(CancellationToken cancellationToken) =>
        (await Probe.AllocatedAsync(new AllocatedRequest(), cancellationToken: cancellationToken)).Bytes;

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_process.Id > 0 && !_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
                await _process.WaitForExitAsync().DefaultTimeout();
            }
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(IReadOnlyDictionary<string, string> settings)
    {
        var program = Environment.ProcessPath ?? throw new BenchmarkException("This process does not know its own program.");
        var isRuntime = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, isRuntime ? [typeof(ServerProcess).Assembly.Location, "serve"] : ["serve"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Desk__Enabled"] = "false";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var listener in Enum.GetValues<Listener>().Except([Listener.Sidecar]))
        {
            start.Environment[$"Listeners__{listener}__Port"] = "0";
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
