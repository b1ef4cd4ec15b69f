extern alias client;

using System.Net;
using client::SpamGuard.Client;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Grpc.Core;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>What the real client or the service refuses, the fake refuses in the same way: a caller's mistake is found in its tests.</summary>
public sealed class FakeRefusalTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly SpamGuardEvent SignUp = SpamGuardEvent.SignUp(IPAddress.Parse("90.9.3.9"), "a1");
    private static readonly string TooLong = new('a', 300);

    // By the client and a token that it gave.
    private static readonly Dictionary<string, Func<ISpamGuardClient, string, Task>> Calls = new(StringComparer.Ordinal)
    {
        ["no label"] = static (client, token) => client.ReportAsync(token, OutcomeLabel.Unspecified),
        ["an unknown label"] = static (client, token) => client.ReportAsync(token, (OutcomeLabel)99),
        ["a long reporter"] = static (client, token) => client.ReportAsync(token, OutcomeLabel.Spam, TooLong),
        ["no label of an event"] = static (client, _) => client.ReportAsync(SignUp, OutcomeLabel.Unspecified),
        ["an unknown label of an event"] = static (client, _) => client.ReportAsync(SignUp, (OutcomeLabel)(-1)),
        ["a long reporter of an event"] = static (client, _) => client.ReportAsync(SignUp, OutcomeLabel.Spam, TooLong),
        ["an empty token"] = static (client, _) => client.ReportAsync(string.Empty, OutcomeLabel.Spam),
        ["an empty token to preview"] = static (client, _) => client.PreviewAsync(string.Empty, EventKind.SignUp),
        ["an empty token to explain"] = static (client, _) => client.ExplainAsync(string.Empty),
        ["no token"] = static (client, _) => client.ReportAsync((string)null!, OutcomeLabel.Spam),
        ["no token to preview"] = static (client, _) => client.PreviewAsync(null!, EventKind.SignUp),
        ["no token to explain"] = static (client, _) => client.ExplainAsync(null!),
        ["a token that is none"] = static (client, _) => client.ReportAsync("none", OutcomeLabel.Spam),
        ["no event"] = static (client, _) => client.ScoreAsync(null!),
        ["no events"] = static (client, _) => client.ScoreManyAsync(null!),
        ["one of many that is none"] = static (client, _) => client.ScoreManyAsync([SignUp, null!]),
    };

    public static TheoryData<string> Faults { get; } = [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_OfTheCaller_IsRefusedByTheFakeAsByTheRealOne(string fault)
    {
        await using var host = await StartAsync();
        var fake = new FakeSpamGuardClient();

        var (byFake, byReal) = (await RefusalAsync(fake, fault), await RefusalAsync(host.Client, fault));

        Assert.Equal(byReal, byFake);
        Assert.Empty(fake.Reports);
        Assert.Single(fake.Scored); // for its token
    }

    [Fact]
    public async Task Many_OneOfWhichIsNone_AreRefusedByItsIndex()
    {
        await using var host = await StartAsync();

        var refused = await Assert.ThrowsAsync<ArgumentException>("spamEvents", () => host.Client.ScoreManyAsync([SignUp, null!]));

        Assert.StartsWith("Found null at index 1; allowed are events.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Measurements, static line => line.Contains("method=score_batch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reporter_OfTheLargestSizeOrEmpty_IsTakenByBoth()
    {
        await using var host = await StartAsync();
        foreach (var client in new[] { host.Client, new FakeSpamGuardClient() })
        {
            var token = (await client.ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("90.9.4.9")))).DecisionToken!;

            Assert.Equal(ReportResult.Applied, (await client.ReportAsync(token, OutcomeLabel.Spam, new string('ä', 128))).Result);
            Assert.Equal(ReportResult.Applied, (await client.ReportAsync(token, OutcomeLabel.Spam)).Result);
            Assert.Equal(ReportResult.Duplicate, (await client.ReportAsync(token, OutcomeLabel.Spam, string.Empty)).Result); // is nobody
        }
    }

    // Type, parameter and status: its words are each one's own.
    private static async Task<(Type Type, string? Parameter, StatusCode? Status)> RefusalAsync(ISpamGuardClient client, string fault)
    {
        var token = (await client.ScoreAsync(SignUp)).DecisionToken!;
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => Calls[fault](client, token));
        return (thrown.GetType(), (thrown as ArgumentException)?.ParamName, (thrown as RpcException)?.StatusCode);
    }

    private Task<ClientHost> StartAsync() => ClientHost.StartAsync(options =>
    {
        options.Address = new Uri(server.Url(Listener.Grpc));
        options.Timeout = TimeSpan.FromSeconds(10); // what is answered is of interest here, and other tests share the processor
        options.BatchTimeout = TimeSpan.FromSeconds(10);
        options.ReportTimeout = TimeSpan.FromSeconds(10);
    });
}
