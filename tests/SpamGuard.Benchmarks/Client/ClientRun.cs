extern alias client;

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using client::SpamGuard.Client;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SpamGuard.Benchmarks.Load;
using SpamGuard.Testing;

namespace SpamGuard.Benchmarks.Client;

/// <summary>Takes the service away from an application in every way, under calls that do not wait for each other, and gives it back.</summary>
internal static class ClientRun
{
    private const int PerSecond = 200;
    private const int SigKill = 9;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfAPhase = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs all states. What it started has ended when it returns or throws.</summary>
    public static async Task<ClientReport> RunAsync(TimeSpan timeout, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var first = await StartAsync(port: null, cancellationToken);
        await using var relay = SlowRelay.To(new IPEndPoint(IPAddress.Loopback, first.GrpcPort));
        var name = new MovableName(relay.Port);
        using var host = Host(timeout, name);
        await host.StartAsync(cancellationToken);
        var client = host.Services.GetRequiredService<ISpamGuardClient>();
        await PhaseAsync("warming", isThere: true, client, Warming, cancellationToken);

        var phases = new List<ClientPhase>();
        async Task AddAsync(string state, bool isThere)
        {
            await progress.WriteLineAsync(state);
            phases.Add(await PhaseAsync(state, isThere, client, OfAPhase, cancellationToken));
        }

        await AddAsync("there", isThere: true);
        first.Pause();
        await AddAsync("hung", isThere: false);
        first.Resume();
        await AddAsync("resumed", isThere: true);
        relay.Delay = Slow;
        await AddAsync("slow", isThere: false);
        relay.Delay = TimeSpan.Zero;
        await AddAsync("fast", isThere: true);
        await first.StopAsync(SigKill);
        await AddAsync("killed", isThere: false);
        await using var second = await StartAsync(first.GrpcPort, cancellationToken);
        await AddAsync("restarted", isThere: true);
        await using var third = await StartAsync(port: null, cancellationToken);
        name.MoveTo(third.GrpcPort);
        await second.StopAsync(SigKill);
        await AddAsync("moved", isThere: true);
        await host.StopAsync(cancellationToken);

        await using var fourth = await StartAsync(port: null, cancellationToken);
        using var ofTwo = Host(timeout, new MovableName(third.GrpcPort, fourth.GrpcPort));
        await ofTwo.StartAsync(cancellationToken);
        client = ofTwo.Services.GetRequiredService<ISpamGuardClient>();
        await AddAsync("two", isThere: true);
        fourth.Pause();
        await AddAsync("one of two hung", isThere: true);
        fourth.Resume();
        await AddAsync("both", isThere: true);
        await ofTwo.StopAsync(cancellationToken);

        using var callers = new TestCallers("callers: {known: {identities: [spiffe://example.org/known], roles: [scorer]}}\n");
        await using var strict = await StartAsync(port: null, cancellationToken, callers.Settings);
        using var stranger = Host(timeout, callers, strict.GrpcPort);
        await stranger.StartAsync(cancellationToken);
        client = stranger.Services.GetRequiredService<ISpamGuardClient>();
        await AddAsync("refusing", isThere: false);
        await stranger.StopAsync(cancellationToken);
        return new ClientReport(timeout, PerSecond, phases);
    }

    private static IHost Host(TimeSpan timeout, TestCallers callers, int port)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var certificate = callers.Client("spiffe://example.org/stranger");
        builder.Services.AddSpamGuardClient(options =>
        {
            options.Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));
            options.Timeout = timeout;
            options.Tls.CaPath = callers.Authority.CaPath;
            options.Tls.CertificatePath = certificate.CertificatePath;
            options.Tls.KeyPath = certificate.KeyPath;
        });
        return builder.Build();
    }

    private static IHost Host(TimeSpan timeout, MovableName name)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ResolverFactory>(name);
        builder.Services.AddSpamGuardClient(options =>
        {
            options.Address = new Uri("dns:///spamguard.example:5080");
            options.Plaintext = true;
            options.Timeout = timeout;
        });
        return builder.Build();
    }

    private static async Task<ClientPhase> PhaseAsync(string name, bool isThere, ISpamGuardClient client, TimeSpan duration, CancellationToken cancellationToken)
    {
        var verdicts = new ConcurrentQueue<ClientVerdict>();
        var began = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pool = ProbePoolAsync(stop.Token);
        await OpenLoop.RunAsync("ScoreAsync", PerSecond, duration, CallAsync, cancellationToken);
        await stop.CancelAsync();
        var (delays, threads) = await pool;
        return new ClientPhase(name, isThere, [.. verdicts.OrderBy(static verdict => verdict.Begun)], delays, threads);

        async Task CallAsync(int index)
        {
            var spamEvent = SpamGuardEvent.SignUp(new IPAddress([100, 70, (byte)(index >> 8), (byte)index]));
            var begun = Stopwatch.GetTimestamp();
            var assessment = await client.ScoreAsync(spamEvent, cancellationToken);
            verdicts.Enqueue(new ClientVerdict(Stopwatch.GetElapsedTime(began, begun), Stopwatch.GetElapsedTime(begun), assessment.Source == AssessmentSource.Service));
        }
    }

    // Whoever blocks threads of the pool delays what is queued there, and makes it grow.
    private static async Task<(IReadOnlyList<TimeSpan> Delays, int Threads)> ProbePoolAsync(CancellationToken stop)
    {
        var delays = new List<TimeSpan>();
        var threads = 0;
        using var timer = new PeriodicTimer(ProbeInterval);
        do
        {
            var queued = Stopwatch.GetTimestamp();
            await Task.Run(() => delays.Add(Stopwatch.GetElapsedTime(queued)), CancellationToken.None);
            threads = Math.Max(threads, ThreadPool.ThreadCount);
        }
        while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None));

        return (delays, threads);
    }

    private static async Task<ServerProgram> StartAsync(int? port, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new ServerProgram("Development",
        [
            new("Desk__Enabled", "false"),
            new("Logging__LogLevel__Default", "Warning"),
            .. (settings ?? new Dictionary<string, string?>(StringComparer.Ordinal)).Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
            .. port is { } same ? [KeyValuePair.Create("Listeners__Grpc__Port", (string?)same.ToString(CultureInfo.InvariantCulture))] : Array.Empty<KeyValuePair<string, string?>>(),
        ]);
        server.Start();
        using var http = new HttpClient();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                return server.ExitCode is { } code
                    ? throw new BenchmarkException($"The server ended with code {code}:\n{server.Output}")
                    : (await http.GetAsync(new Uri($"{server.Url(Server.Listeners.Listener.Health)}/readyz"), cancellationToken)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        }).TimeoutAfter(TimeSpan.FromSeconds(60));
        return server;
    }
}
