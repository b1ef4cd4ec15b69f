using System.Text.RegularExpressions;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>
/// Known addresses and digests go through every method and every way to fail; afterwards nothing that outlives a call holds one, in any form
/// that can be turned back, nor does anything but the store hold a key of the store.
/// </summary>
[Collection(nameof(CanaryCollection))]
public sealed partial class CanaryTests(CanaryServerFixture server) : IClassFixture<CanaryServerFixture>
{
    private const string Driver = "StackExchange.Redis";

    [Fact]
    public async Task Canary_ThroughEveryCallAndEveryFailure_IsNowhereAfterwards()
    {
        using var calls = new CanaryCalls(server);
        var pieces = new List<string>();

        await calls.StoreBackAsync();
        await calls.GoodAsync();
        await calls.BadAsync();
        await server.Commands.CatchUpAsync();
        pieces.AddRange(await new KeyspaceSink(server.Redis.Admin).ReadAsync());
        var tokens = await StoreTokens.ReadAsync(server.Redis.Admin);

        await server.Redis.PauseAsync();
        await calls.ImpatientAsync();
        await server.Redis.ResumeAsync();
        await calls.StoreBackAsync();
        await server.Commands.CatchUpAsync();

        await server.Redis.StopAsync();
        await calls.StoreAwayAsync();
        await server.Redis.StartAsync();
        await server.Commands.StartAsync();
        await calls.StoreBackAsync();
        await calls.GoodAsync();
        await server.Commands.CatchUpAsync();
        ExceptionSink.CollectUnobserved();

        Assert.Empty(calls.Uncalled);
        ISink[] outside = [new LogSink(server.Logs), new MetricsSink(server.MetricsAsync), server.Traces, calls.Answers, new LedgerSink(server)];
        await AssertBusyAsync([.. outside, server.Exceptions, server.Commands, new KeyspaceSink(server.Redis.Admin)]);
        var leaks = await Canaries.Detector.FindAsync([.. outside, server.Exceptions, server.Commands, new KeyspaceSink(server.Redis.Admin)]);
        leaks = [.. leaks, .. pieces.SelectMany(piece => Canaries.Detector.Find("Redis keys and values", piece, holdsBytes: true))];
        Assert.True(leaks.Count == 0, Describe(leaks));

        // The driver's own exceptions name keys. They must end at the store's boundary: no other exception may quote them.
        tokens.UnionWith(await StoreTokens.ReadAsync(server.Redis.Admin));
        leaks = await StoreTokens.Detector(tokens).FindAsync([.. outside, server.Exceptions.Without(Driver)]);
        Assert.True(leaks.Count == 0, Describe(leaks));
        Assert.DoesNotContain(server.Logs.Logs, log => Key().IsMatch(log.Text));
    }

    [Fact]
    public async Task Uncalled_MethodThatWasNotCalled_IsNamed()
    {
        using var calls = new CanaryCalls(server);
        await calls.StoreBackAsync();

        Assert.Contains("spamguard.v1.ScoringService.Preview", calls.Uncalled);
        Assert.DoesNotContain("spamguard.v1.ScoringService.Score", calls.Uncalled);
    }

    private static async Task AssertBusyAsync(IReadOnlyList<ISink> sinks)
    {
        foreach (var sink in sinks)
        {
            Assert.True((await sink.ReadAsync()).Count > 10, $"Nothing came into {sink.Name}: it proves nothing.");
        }
    }

    private static string Describe(IReadOnlyList<Leak> leaks) =>
        $"{leaks.Count} leaks:\n" + string.Join('\n', leaks.DistinctBy(leak => (leak.Sink, leak.Form, leak.Context)).Take(40));

    [GeneratedRegex("sg:[a-z]:")]
    private static partial Regex Key();
}
