using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Server;
using SpamGuard.Server.Tracing;
using SpamGuard.Testing;
using SpamGuard.Testing.Otlp;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Tracing;

/// <summary>When calls are traced, and where to. What spans hold is looked at by the canary tests.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class TracingTests(RedisFixture redis) : IDisposable
{
    private const string Caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";

    private readonly LogCapture _logs = new();
    private readonly PepperFile _pepper = new();

    public void Dispose()
    {
        _logs.Dispose();
        _pepper.Dispose();
    }

    [Fact]
    public async Task Score_NoCollectorConfigured_ExportsNothingWhateverOpenTelemetrysOwnVariablesSay()
    {
        await redis.FlushAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var server = await ServerProcess.ReadyAsync(redis, _pepper.Path, "Production", [.. Variables(collector)]))
        {
            await ScoreAsync(server, sampled: true);
            Assert.Equal(0, await server.StopAsync());
            Assert.All(Lines(server), static line => Assert.False(line.TryGetProperty("trace_id", out _)));
        }

        Assert.Empty(collector.Paths);
    }

    [Fact]
    public async Task Score_SampledByItsCallerOnly_IsExportedInProductionToo()
    {
        await redis.FlushAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var server = await ServerProcess.ReadyAsync(redis, _pepper.Path, "Production", ("Tracing__OtlpEndpoint", collector.Endpoint), ("Tracing__SampleRatio", "1")))
        {
            await ScoreAsync(server, sampled: true);
            await ScoreAsync(server, sampled: false);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(["observe", "spamguard.v1.ScoringService/Score"], collector.Spans.Select(static span => span.Name).Order(StringComparer.Ordinal));
        Assert.All(collector.Spans, static span => Assert.StartsWith($"00-{span.TraceId}-", Caller, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task Score_CallerTracesNothing_IsTracedByTheRatio(string ratio, bool isTraced)
    {
        await redis.FlushAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var server = await ServerProcess.ReadyAsync(redis, _pepper.Path, "Production", ("Tracing__OtlpEndpoint", collector.Endpoint + "/"), ("Tracing__SampleRatio", ratio)))
        {
            await ScoreAsync(server, sampled: null);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(isTraced ? ["", "observe"] : [], collector.Spans.OrderBy(static span => span.ParentId.Length).Select(static span => span.ParentId.Length == 0 ? "" : span.Name));
        Assert.All(collector.Paths, static path => Assert.Equal("/v1/traces", path));
    }

    [Fact]
    public async Task Score_CollectorThatWantsACertificate_IsSentThatOfOpenTelemetrysVariables()
    {
        await redis.FlushAsync();
        using var authority = new TestAuthority("collector-ca");
        await using var collector = await OtlpCollector.StartAsync(authority);
        var client = authority.Client(["spiffe://example.org/spamguard"]);
        await using (var server = await ServerProcess.ReadyAsync(
            redis,
            _pepper.Path,
            "Production",
            ("Tracing__OtlpEndpoint", collector.Endpoint),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", authority.CaPath),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", client.CertificatePath),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", client.KeyPath),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer of-the-collector")))
        {
            await ScoreAsync(server, sampled: true);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.StartsWith("https://", collector.Endpoint, StringComparison.Ordinal);
        Assert.NotEmpty(collector.Spans);
        Assert.All(await collector.ReadAsync(), static request => Assert.Contains("Authorization: Bearer of-the-collector", request, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Build_NoCollector_HasNothingOfOpenTelemetry()
    {
        await using var app = await BuildAsync("Development");
        Assert.Null(app.Services.GetService<TracerProvider>());
    }

    [Theory]
    [InlineData("Production", "https://collector.example.org:4318", true)]
    [InlineData("Production", "https://collector.example.org/otlp/", true)]
    [InlineData("Production", "http://127.0.0.1:4318", true)]
    [InlineData("Production", "http://[::1]:4318", true)]
    [InlineData("Production", "http://localhost:4318", true)]
    [InlineData("Production", "http://collector.example.org:4318", false)]
    [InlineData("Production", "http://127.0.0.1.example.org:4318", false)]
    [InlineData("Staging", "http://10.0.0.9:4318", false)]
    [InlineData("Development", "http://collector.example.org:4318", true)]
    public async Task Build_CollectorInTheOpenOutsideOfDevelopment_IsRefused(string environment, string endpoint, bool isAllowed)
    {
        if (isAllowed)
        {
            await using var app = await BuildAsync(environment, (TracingOptions.EndpointKey, endpoint));
            Assert.NotNull(app.Services.GetService<TracerProvider>());
        }
        else
        {
            Assert.Equal(
                [$"{TracingOptions.EndpointKey}: found http to a host that is not loopback; allowed are https, and http to a collector on this machine, such as http://127.0.0.1:4318."],
                await RefusedAsync(environment, endpoint));
        }
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("grpc://collector:4317")]
    [InlineData("/v1/traces")]
    [InlineData("https://user:hunter2@collector")]
    [InlineData("https://collector/?token=hunter2")]
    [InlineData("https://collector/#hunter2")]
    [InlineData("hunter2")]
    public async Task Build_CollectorThatIsNoUrl_IsRefusedWithoutItsText(string endpoint)
    {
        var fault = Assert.Single(await RefusedAsync("Production", endpoint));

        Assert.StartsWith($"{TracingOptions.EndpointKey}: found what is no http or https URL ", fault, StringComparison.Ordinal);
        Assert.EndsWith("; allowed is one, such as https://collector.example.org:4318.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(endpoint, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Value)> Variables(OtlpCollector collector) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Endpoint), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.Endpoint + "/v1/traces"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_LOGS_EXPORTER", "otlp"), ("OTEL_TRACES_SAMPLER", "always_on"), ("Tracing__SampleRatio", "1"),
    ];

    private static List<JsonElement> Lines(ServerProcess server)
    {
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(lines, static line => line.GetProperty("event_id").GetInt32() == SpamGuard.Server.EventIds.Listening);
        return lines;
    }

    // null where the caller says nothing.
    private static async Task ScoreAsync(ServerProcess server, bool? sampled)
    {
        var headers = sampled is { } flag ? new Metadata { { TraceParentOnly.Header, Caller + (flag ? "01" : "00") } } : [];
        await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("61.10.0.1") }, headers).ResponseAsync.DefaultTimeout();
    }

    private async Task<WebApplication> BuildAsync(string environment, params (string Key, string? Value)[] settings)
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        (string Key, string? Value)[] all = [("ConnectionStrings:Signals", "127.0.0.1:1"), ("Pepper:Path", _pepper.Path), .. settings, .. mounted.Settings.Select(static pair => (pair.Key, (string?)pair.Value))];
        return await SpamGuardServer.BuildAsync(ServerFixture.Builder(_logs, all.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal), environment));
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(string environment, string endpoint)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(environment, (TracingOptions.EndpointKey, endpoint)));
        Assert.True(StartFaults.TryDescribe(refusal, out var faults), refusal.ToString());
        return faults;
    }
}
