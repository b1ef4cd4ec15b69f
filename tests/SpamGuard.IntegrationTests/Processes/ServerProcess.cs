using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>The server as an operator starts it: a process of its own, in production, on free ports, with a pepper from a file and certificates.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int MostAttempts = 200;
    private const int SigKill = 9;
    private const string Identity = "spiffe://example.org/tests";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly ServerProgram _program;
    private readonly TestCallers _mounted = new($"callers: {{tests: {{identities: [{Identity}], roles: [scorer, reporter, operator, privacy, legal]}}}}\n");

    private ServerProcess(string environment, IEnumerable<(string Name, string Value)> variables, string? prefix = null)
    {
        _program = new ServerProgram(environment,
        [
            new("Signals__Tls__BySidecar", "true"), // a container's Redis is on loopback on some machines, and on others not
            new("Signals__Budget", "00:00:00.200"), // the processes under test share two cores with the callers
            new("Drain__Delay", "00:00:00"),
            .. _mounted.Settings.Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
            .. variables.Select(static variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)),
        ],
        prefix);

        // Good for longer than the tests' wrong clocks are wrong.
        var now = TimeProvider.System.GetUtcNow();
        var client = _mounted.Authority.Client([Identity], notBefore: now.AddDays(-5), notAfter: now.AddDays(5));
        var url = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_program.GrpcPort}");
        Channel = _mounted.Channel(url, client);
        CommandLine = ["--server", url, "--ca", _mounted.Authority.CaPath, "--cert", client.CertificatePath, "--key", client.KeyPath];
    }

    public GrpcChannel Channel { get; }

    /// <summary>The options by which the command line calls it.</summary>
    public IReadOnlyList<string> CommandLine { get; }

    public ScoringService.ScoringServiceClient Scoring => new(Channel);

    public FeedbackService.FeedbackServiceClient Feedback => new(Channel);

    /// <summary>What it wrote, on both streams.</summary>
    public string Output => _program.Output;

    public int? ExitCode => _program.ExitCode;

    /// <summary>Where Prometheus scrapes it.</summary>
    public Uri MetricsUrl => _program.MetricsUrl;

    /// <summary>Its process id.</summary>
    public int Id => _program.Id;

    /// <summary>Starts a server and lets it run, whatever becomes of it.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="pepperPath">A file or a folder.</param>
    /// <param name="environment">Production, or Development.</param>
    /// <param name="variables">Environment variables of its own.</param>
    public static ServerProcess Start(
        RedisFixture redis, string pepperPath, string environment = "Production", params (string Name, string Value)[] variables)
    {
        var server = new ServerProcess(environment, [.. Scorer(redis, pepperPath), .. variables]);
        server._program.Start();
        return server;
    }

    /// <summary>Starts a desk, which scores nothing, and lets it run, whatever becomes of it.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="pepperPath">A file or a folder.</param>
    /// <param name="volume">Its ledger and its key.</param>
    /// <param name="prefix">As <see cref="ServerProgram"/> has it.</param>
    /// <param name="variables">Environment variables of its own.</param>
    public static ServerProcess StartDesk(
        RedisFixture redis, string pepperPath, LedgerVolume volume, string? prefix = null, params IEnumerable<(string Name, string Value)> variables)
    {
        (string, string)[] desk =
        [
            .. Scorer(redis, pepperPath),
            ("Desk__Enabled", "true"),
            ("ConnectionStrings__Desk", redis.ConnectionString(RedisAccount.Desk)),
            .. volume.Settings.Select(static pair => (pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value!)),
            .. variables,
        ];
        var server = new ServerProcess("Production", desk, prefix);
        server._program.Start();
        return server;
    }

    /// <summary>Starts a desk and waits until it is ready.</summary>
    public static async Task<ServerProcess> DeskAsync(
        RedisFixture redis, string pepperPath, LedgerVolume volume, string? prefix = null, params (string Name, string Value)[] variables)
    {
        return await ReadyAsync(StartDesk(redis, pepperPath, volume, prefix, variables));
    }

    /// <summary>Starts a process that only audits, which has no pepper and nobody's password but the auditor's, and waits until it is ready.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="variables">Environment variables of its own.</param>
    public static async Task<ServerProcess> AuditorAsync(RedisFixture redis, params (string Name, string Value)[] variables)
    {
        (string, string)[] auditor =
            [("Audit__Enabled", "true"), ("Audit__Only", "true"), ("ConnectionStrings__Auditor", redis.ConnectionString(RedisAccount.Auditor)), .. variables];
        var server = new ServerProcess("Production", auditor);
        server._program.Start();
        return await ReadyAsync(server);
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> ReadyAsync(
        RedisFixture redis, string pepperPath, string environment = "Production", params (string Name, string Value)[] variables)
    {
        return await ReadyAsync(Start(redis, pepperPath, environment, variables));
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
    public Task<string> MetricsAsync() => _program.MetricsAsync();

    public Task<bool> IsServingAsync() => ServerProgram.IsServingAsync(Channel);

    /// <summary>Ends it as an orchestrator does. Returns its exit code.</summary>
    public Task<int> StopAsync() => _program.StopAsync();

    /// <summary>Ends it as a power cut does.</summary>
    public Task KillAsync() => _program.StopAsync(SigKill);

    public async ValueTask DisposeAsync()
    {
        _mounted.Dispose();
        await _program.DisposeAsync();
    }

    private static (string Name, string Value)[] Scorer(RedisFixture redis, string pepperPath) =>
        [("ConnectionStrings__Signals", redis.ConnectionString(RedisAccount.Scorer)), ("Pepper__Path", pepperPath)];

    // One that does not get ready is ended: it would go on to plant its salts in the store of the tests after it.
    private static async Task<ServerProcess> ReadyAsync(ServerProcess server)
    {
        try
        {
            await Poll.UntilAsync(async () =>
            {
                Assert.True(server.ExitCode is null, $"The server ended with code {server.ExitCode}:\n{server.Output}");
                return await server.IsServingAsync();
            }).TimeoutAfter(StartLimit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
