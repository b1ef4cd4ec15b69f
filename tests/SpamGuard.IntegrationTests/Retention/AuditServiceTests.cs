using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Desk.Audit;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>The hosted auditor: what it tells of a store that breaks its promise, goes away and comes back.</summary>
public sealed class AuditServiceTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime, IDisposable
{
    private const string Secret = "c2VjcmV0LXRva2Vu";

    private readonly LogCapture _logs = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly AuditOptions _options = new() { Enabled = true };
    private AuditorUnderTest? _auditor;
    private ILoggerFactory? _factory;
    private AuditService? _service;
    private int _passes;

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        _auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
        _factory = LoggerFactory.Create(logging => logging.AddCapture(_logs));
        _service = new AuditService(
            new RetentionAuditor(_auditor.Store, AuditOptions.MostKeysPerSecond, TimeProvider.System, new SpamGuard.Retention.EpochCalendar()),
            new AuditMetrics(Metrics.WithCustomRegistry(_registry)),
            new LastAudit(),
            Options.Create(_options),
            _time,
            _factory.CreateLogger<AuditService>());
    }

    public async Task DisposeAsync()
    {
        await _service!.StopAsync(CancellationToken.None).DefaultTimeout();
        await _auditor!.DisposeAsync();
    }

    public void Dispose()
    {
        _service?.Dispose();
        _factory?.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Metrics_BeforeTheFirstPass_AreAllZero() =>
        Assert.All((await MetricsAsync()).Split('\n').Where(static line => line.Length > 0 && line[0] != '#'), static line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));

    [Fact]
    public async Task Passes_OverViolations_MoveTheMetricsAndAreLoggedWithoutAName()
    {
        await _service!.StartAsync(CancellationToken.None).DefaultTimeout();
        await PassedAsync("clean");
        await redis.Admin.StringSetAsync($"sg:a:{{{Secret}}}", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync($"sg:n:{{{Secret}}}", "1", TimeSpan.FromDays(3650)).DefaultTimeout();
        await redis.Admin.StringSetAsync($"sg:r:{{{Secret}}}", "1", TimeSpan.FromDays(20)).DefaultTimeout();
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "slowlog-log-slower-than", "1000000").DefaultTimeout();

        _time.Advance(_options.Period);
        await PassedAsync("violation");
        var violated = await MetricsAsync();
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "slowlog-log-slower-than", "-1").DefaultTimeout();
        _time.Advance(_options.Period);
        await PassedAsync("clean");
        var clean = await MetricsAsync();

        AssertHas(violated, "spamguard_keys_without_ttl 1", "spamguard_keys_over_cap 1", "spamguard_audit_deleted_keys_total{fault=\"without_ttl\"} 1", "spamguard_audit_faulty_keys_total{fault=\"over_cap\"} 1");
        AssertHas(violated, "spamguard_store_setting{setting=\"slowlog-log-slower-than\",state=\"wrong\"} 1", "spamguard_store_setting{setting=\"save\",state=\"ok\"} 1", "spamguard_signal_store_persistent 0", "spamguard_keys{kind=\"r\"} 1");
        AssertHas(clean, "spamguard_keys_without_ttl 0", "spamguard_keys_over_cap 0", "spamguard_audit_deleted_keys_total{fault=\"without_ttl\"} 1", "spamguard_audit_deleted_keys_total{fault=\"over_cap\"} 1");
        Assert.Equal([1501, 1502, 1504], _logs.Logs.Select(static log => log.Event.Id));
        Assert.Contains("1 without a time to live, 1 over their cap, 0 of no kind (kinds: sg:a, sg:n); 2 were deleted, 0 are still there", _logs.AllText, StringComparison.Ordinal);
        Assert.Contains("slowlog-log-slower-than is '1000000', must be -1", _logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, violated, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_SomebodyWasRefused_LogsWhoAndWhyAndNoKeyAndNoClaimedName()
    {
        await using (var account = await redis.ConnectAsync(RedisAccount.Scorer, RedisFixture.NarrowCommands))
        {
            foreach (var words in new[] { new[] { "DUMP", $"sg:a:{{{Secret}}}" }, ["GET", Secret], ["AUTH", Secret, "wrong"] })
            {
                await Assert.ThrowsAsync<StackExchange.Redis.RedisServerException>(() => account.GetDatabase().ExecuteAsync(words[0], [.. words[1..]]).DefaultTimeout());
            }
        }

        await _service!.StartAsync(CancellationToken.None).DefaultTimeout();
        await PassedAsync("violation");
        await _service.StopAsync(CancellationToken.None).DefaultTimeout();

        var told = Assert.Single(_logs.Logs, static log => log.Event.Id == EventIds.StoreRefusedSomebody).Message;
        Assert.Contains("user scorer by command, 1 times", told, StringComparison.Ordinal);
        Assert.Contains("user scorer by key, 1 times", told, StringComparison.Ordinal);
        Assert.Contains("somebody by auth, 1 times", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_StoreHangs_AreIncompleteAndNeverClean()
    {
        await _service!.StartAsync(CancellationToken.None).DefaultTimeout();
        await PassedAsync("clean");
        await redis.PauseAsync();
        try
        {
            _time.Advance(_options.Period);
            await PassedAsync("incomplete");
            AssertHas(await MetricsAsync(), "spamguard_store_setting{setting=\"save\",state=\"unknown\"} 1", "spamguard_signal_store_persistent 1");
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await Poll.UntilAsync(async () =>
        {
            _time.Advance(_options.Period);
            return (await MetricsAsync()).Contains("spamguard_audit_passes_total{outcome=\"clean\"} 2", StringComparison.Ordinal);
        }).DefaultTimeout();
        Assert.Equal([1505, 1506], _logs.Logs.Select(static log => log.Event.Id).Where(static id => id is 1505 or 1506));
        AssertHas(await MetricsAsync(), "spamguard_signal_store_persistent 0");
    }

    private async Task PassedAsync(string outcome)
    {
        _passes++;
        await Poll.UntilAsync(async () => Sum(await MetricsAsync()) == _passes).DefaultTimeout();
        Assert.Matches($"spamguard_audit_passes_total{{outcome=\"{outcome}\"}} [1-9]", await MetricsAsync());
    }

    private static int Sum(string metrics) => metrics.Split('\n')
        .Where(static line => line.StartsWith("spamguard_audit_passes_total{", StringComparison.Ordinal))
        .Sum(static line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    private static void AssertHas(string metrics, params string[] lines) => Assert.All(lines, line => Assert.Contains($"\n{line}\n", metrics, StringComparison.Ordinal));

    private async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
