using Grpc.Net.Client;
using SpamGuard.Server.Listeners;
using SpamGuard.Server.Logs;
using SpamGuard.Testing;
using SpamGuard.Testing.Otlp;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>
/// The server's own program, which was sent the canaries through every call and has ended: what it logged at Trace, and what a collector got of its spans.
/// Its environment asks for more than it may tell.
/// </summary>
public sealed class CanaryProcessFixture : IAsyncLifetime
{
    private readonly RedisFixture _redis = new();
    private OtlpCollector? _collector;

    /// <summary>The lines of its standard output.</summary>
    internal IReadOnlyList<string> Log { get; private set; } = [];

    internal OtlpCollector Collector => _collector ?? throw new InvalidOperationException("The fixture is not started.");

    /// <summary>The tokens that the store held.</summary>
    internal HashSet<string> Tokens { get; private set; } = [];

    /// <summary>The decision tokens that callers were given.</summary>
    internal IReadOnlyList<string> DecisionTokens { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _collector = await OtlpCollector.StartAsync();
        using var policy = new PolicyFileOnDisk("memory: {account: true, content: true}");
        await using var program = new ServerProgram("Development",
        [
            new("ConnectionStrings__Signals", _redis.ConnectionString(RedisAccount.Scorer)),
            new("ConnectionStrings__Desk", _redis.ConnectionString(RedisAccount.Desk)),
            new("Signals__Budget", "00:00:00.200"),
            new("Policy__Path", policy.Path),
            new("Edge__Envoy__AddressHeader", CanaryEdge.AddressHeader),
            new("Edge__Http__TrustedProxies", "127.0.0.1"),
            new("Tracing__OtlpEndpoint", _collector.Endpoint),
            new("Tracing__SampleRatio", "0"), // callers have sampled
            new("Logging__Console__FormatterName", JsonLogFormatter.FormatterName), // as outside of development
            .. ServerProgram.AtTrace,
            new("OTEL_RESOURCE_ATTRIBUTES", $"host.ip={Canaries.V4}"),
            new("OTEL_SERVICE_NAME", Canaries.V4),
            new("OTEL_TRACES_SAMPLER", "always_off"),
            new("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/"),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ]);
        program.Start();
        using var channel = GrpcChannel.ForAddress(program.Url(Listener.Grpc));
        await Poll.UntilAsync(() =>
        {
            Assert.True(program.ExitCode is null, program.Output);
            return ServerProgram.IsServingAsync(channel);
        }).TimeoutAfter(TimeSpan.FromSeconds(60));

        using var calls = new CanaryCalls(channel, program.Url);
        await calls.StoreBackAsync();
        DecisionTokens = await calls.GoodAsync();
        await calls.BadAsync();
        Tokens = await StoreTokens.ReadAsync(_redis.Admin);
        await _redis.StopAsync();
        await calls.StoreAwayAsync();
        await _redis.StartAsync();
        await calls.StoreBackAsync();
        Assert.Empty(calls.Uncalled);
        Assert.Equal(0, await program.StopAsync());
        Log = program.Log;
    }

    public async Task DisposeAsync()
    {
        await Collector.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
