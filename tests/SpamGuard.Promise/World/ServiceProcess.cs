using System.Globalization;
using Grpc.Net.Client;
using SpamGuard.Testing;

namespace SpamGuard.Promise.World;

/// <summary>The service as an operator starts it: its own program, on free ports of 127.0.0.1, and clients that show it their certificates.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const string Listening = "0A"; // in /proc/net/tcp
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ServerProgram _program;
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private readonly Callers _callers;

    private ServiceProcess(string kind, Callers callers, IReadOnlyDictionary<string, string> environment, string? prefix)
    {
        _callers = callers;
        _program = new ServerProgram(kind, environment.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)), prefix);
        Url = string.Create(CultureInfo.InvariantCulture, $"https://localhost:{_program.GrpcPort}");
    }

    /// <summary>Where it takes calls by gRPC.</summary>
    public string Url { get; }

    /// <summary>Its process id.</summary>
    public int Id => _program.Id;

    /// <summary>What it wrote, on both streams.</summary>
    public string Output => _program.Output;

    /// <summary>Its exit code; <c>null</c> while it runs.</summary>
    public int? ExitCode => _program.ExitCode;

    /// <summary>A variable of the environment in which it runs, as the system has it; <c>null</c> where it is not set.</summary>
    public string? Setting(string name) =>
        File.ReadAllText($"/proc/{Text(Id)}/environ").Split('\0')
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => pair[(name.Length + 1)..])
            .FirstOrDefault();

    /// <summary>The TCP ports that it listens on, as the system has them.</summary>
    public IReadOnlyList<int> Ports()
    {
        var sockets = Directory.GetFileSystemEntries($"/proc/{Text(Id)}/fd").Select(static entry => File.ResolveLinkTarget(entry, returnFinalTarget: false)?.Name ?? "").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(table => File.ReadLines($"/proc/{Text(Id)}/net/{table}").Skip(1))
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
    /// <param name="prefix">What a shell does first, as <see cref="ServerProgram"/> has it; <c>null</c> for nothing.</param>
    public static ServiceProcess Start(string kind, Callers callers, IReadOnlyDictionary<string, string> environment, string? prefix)
    {
        var service = new ServiceProcess(kind, callers, environment, prefix);
        service._program.Start();
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
    public Task<bool> IsServingAsync() => ServerProgram.IsServingAsync(As(Callers.Scorer));

    /// <summary>What a scraper gets.</summary>
    public Task<string> MetricsAsync() => _program.MetricsAsync();

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
    public Task StopAsync() => EndAsync(SigTerm);

    /// <summary>Ends it as a power cut does.</summary>
    public Task KillAsync() => EndAsync(SigKill);

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private async Task EndAsync(int signal)
    {
        try
        {
            await _program.StopAsync(signal);
        }
        catch (InvalidOperationException e)
        {
            throw new PromiseException(e.Message, e);
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
