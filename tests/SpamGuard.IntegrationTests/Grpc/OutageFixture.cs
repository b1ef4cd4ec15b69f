using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Policies;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;
using PolicySource = SpamGuard.Policies.PolicySource;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>The real server on a real Redis behind a relay, both of which can be taken away and given back.</summary>
public sealed class OutageFixture : ServerFixture
{
    private const int CallsAtOnce = 40;

    private SlowRelay? _relay;

    /// <summary>What can happen to a store.</summary>
    public enum Fault
    {
        /// <summary>It ends, and begins again empty.</summary>
        Stopped,

        /// <summary>It takes calls and does nothing.</summary>
        Hung,

        /// <summary>It answers too late.</summary>
        Slow,
    }

    public RedisFixture Redis { get; } = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }

    /// <summary>Does something while the store is away, and gives it back whatever becomes of that.</summary>
    public async Task DuringAsync(Fault fault, Func<Task> action)
    {
        await FullAsync();
        await TakeAwayAsync(fault);
        try
        {
            await action();
        }
        finally
        {
            await GiveBackAsync(fault);
        }

        await FullAsync();
    }

    private Task TakeAwayAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.Stopped:
                return Redis.StopAsync();
            case Fault.Hung:
                return Redis.PauseAsync();
            default:
                Relay.Delay = TimeSpan.FromSeconds(1); // five times the longest budget
                return Task.CompletedTask;
        }
    }

    private Task GiveBackAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.Stopped:
                return Redis.StartAsync();
            case Fault.Hung:
                return Redis.ResumeAsync();
            default:
                Relay.Delay = TimeSpan.Zero;
                return Task.CompletedTask;
        }
    }

    /// <summary>Waits until the store has a part in answers again; asks by previews, which leave nothing.</summary>
    private Task FullAsync() => Poll.UntilAsync(async () => (await PreviewAsync(Events.Message("61.0.0.1"))).Quality == Quality.Full).DefaultTimeout();

    /// <summary>Waits until the last outage is over: the next one begins with nothing known and a grace of its own.</summary>
    public Task QuietAsync() => Poll.UntilAsync(async () =>
    {
        await PreviewAsync(Events.Message("61.0.0.1"));
        return Services.GetRequiredService<StoreHealth>().Outage is null;
    }).DefaultTimeout();

    /// <summary>Waits until the metrics show a line: the service that writes them looks once a second.</summary>
    public Task ShownAsync(Func<string, bool> line) =>
        Poll.UntilAsync(async () => (await MetricsAsync()).Split('\n').Any(line)).DefaultTimeout();

    /// <summary>Calls until the store is not even asked any more: what follows leaves nothing in a store that only hangs. All calls are answered.</summary>
    public Task OpenTheCircuitAsync() => Poll.UntilAsync(async () =>
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(i => PreviewAsync(Events.SignUp($"62.0.{i}.1"))));
        Assert.All(answers, answer => Assert.Equal(Quality.Degraded, answer.Quality));
        return (await MetricsAsync()).Contains("spamguard_store_circuit_open 1\n", StringComparison.Ordinal);
    }).DefaultTimeout();

    public async Task<Assessment> ScoreAsync(Event scored, string requestId = "") =>
        (await Scoring.ScoreAsync(new ScoreRequest { Event = scored, RequestId = requestId }).ResponseAsync.DefaultTimeout()).Assessment;

    public async Task<Assessment> PreviewAsync(Event previewed) =>
        (await Scoring.PreviewAsync(new PreviewRequest { Event = previewed }).ResponseAsync.DefaultTimeout()).Assessment;

    internal void Use(Policy policy) => Services.GetRequiredService<PolicySource>().Replace(policy);

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await Redis.InitializeAsync();
        _relay = SlowRelay.To(IPEndPoint.Parse(Redis.Endpoint.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)));
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = RedisSettings.ConnectionString(
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_relay.Port}"), RedisAccount.Scorer),
        };
    }

    private SlowRelay Relay => _relay ?? throw new InvalidOperationException("The fixture is not started.");
}
