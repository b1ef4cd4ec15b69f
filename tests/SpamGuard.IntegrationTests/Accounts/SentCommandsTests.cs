extern alias cli;

using cli::SpamGuard.Cli;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>What a busy service really sends, held against its user's line: nothing is refused, and nothing is allowed that is never sent.</summary>
public sealed class SentCommandsTests(RedisFixture redis, RedisClusterFixture cluster, RedisSentinelFixture sentinel)
    : IClassFixture<RedisFixture>, IClassFixture<RedisClusterFixture>, IClassFixture<RedisSentinelFixture>
{
    // Allowed and not sent here, with the reason.
    private static readonly Dictionary<string, string> NotSentHere = new(StringComparer.Ordinal)
    {
        ["ping"] = "the driver's sign of life on a connection that was quiet for a minute",
        ["readonly"] = "the driver greets replicas of a cluster with it, and this one has none",
        ["asking"] = "follows a slot that is on its way to another master",
    };

    // Where there is no replica to ask, besides.
    private const string Wait = "wait";

    public static TheoryData<string> Users => [RedisAccount.Scorer.Name, RedisAccount.Desk.Name, RedisAccount.Auditor.Name];

    [Theory]
    [MemberData(nameof(Users))]
    public Task Service_OnOneServer_SendsWhatItsUserMay(string user) =>
        AssertSentAsync(RedisUsers.Standalone, "standalone", Account(user), redis.ConnectionString, [redis.Endpoint]);

    [Theory]
    [MemberData(nameof(Users))]
    public Task Service_OnACluster_SendsWhatItsUserMay(string user) =>
        AssertSentAsync(RedisUsers.Cluster, "cluster", Account(user), cluster.ConnectionString, cluster.Endpoints);

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Service_BehindASentinel_SendsWhatItsUserMay(string user)
    {
        await AssertSentAsync(RedisUsers.Sentinel, "sentinel", Account(user), sentinel.ConnectionString, sentinel.Endpoints);

        Assert.Empty(await sentinel.RefusedBySentinelAsync());
    }

    private static async Task AssertSentAsync(string file, string topology, RedisAccount account, Func<RedisAccount, string> connectionString, IReadOnlyList<string> servers)
    {
        var counts = await Task.WhenAll(servers.Select(CommandCounts.BeginAsync));
        if (account == RedisAccount.Auditor)
        {
            await AuditAsync(topology, connectionString(account));
        }
        else
        {
            await RunAsync(account == RedisAccount.Desk, new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Signals"] = connectionString(account),
                ["ConnectionStrings:Desk"] = connectionString(account),
                ["Signals:Topology"] = topology,
                ["Desk:Enabled"] = account == RedisAccount.Desk ? "true" : "false",
                ["Desk:Replicas"] = topology == "sentinel" ? "1" : "0",
            });
        }

        var (sent, refused) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var server in counts)
        {
            refused.AddRange(await server.RefusedAsync());
            sent.UnionWith(await server.SentAsync());
            server.Dispose();
        }

        Assert.Empty(refused);
        var allowed = RedisUsers.RulesOf(file, account).Where(static rule => rule[0] == '+').Select(static rule => rule[1..]);
        Assert.All(allowed, command => Assert.True(
            sent.Contains(command) || NotSentHere.ContainsKey(command) || (command == Wait && topology != "sentinel"), $"{command} is allowed and never sent."));
    }

    // A pass that has something to delete.
    private static async Task AuditAsync(string topology, string connectionString)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var terminal = new Terminal(output, errors, name => name == "ConnectionStrings__Auditor" ? connectionString : null);

        var code = await Verbs.RunAsync(["audit", "retention", "--topology", topology, "--store-by-sidecar"], terminal, CancellationToken.None).DefaultTimeout();

        Assert.True(code == ExitCodes.VerificationFailed, errors.ToString());
    }

    // Everything that a service does with its store: connecting, salts, clock, scripts that are new there, events, batches, previews, reports by
    // token and by address, on the desk what it holds and erases, overrides, and a roll; and at its end the aggregates.
    private static async Task RunAsync(bool desk, IReadOnlyDictionary<string, string?> settings)
    {
        using var logs = new LogCapture();
        await using var app = await SpamGuardServer.BuildAsync(ServerFixture.Builder(logs, settings));
        await app.StartAsync().DefaultTimeout();
        using var channel = GrpcChannel.ForAddress($"http://{app.Services.GetRequiredService<BoundListeners>().Authority(Listener.Grpc)}");
        var (scoring, feedback) = (new ScoringService.ScoringServiceClient(channel), new FeedbackService.FeedbackServiceClient(channel));
        var scored = Events.Message("31.0.0.1");
        var token = "";
        await Poll.UntilAsync(async () =>
        {
            var assessment = (await scoring.ScoreAsync(new ScoreRequest { Event = scored, RequestId = Events.NewRequestId() })).Assessment;
            token = assessment.DecisionToken;
            return assessment.Quality == Quality.Full; // once the salts are there
        }).DefaultTimeout();
        await scoring.ScoreBatchAsync(new ScoreBatchRequest { Requests = { new ScoreRequest { Event = scored }, new ScoreRequest { Event = Events.SignUp("31.1.0.1") } } })
            .ResponseAsync.DefaultTimeout();
        await scoring.PreviewAsync(new PreviewRequest { Event = scored }).ResponseAsync.DefaultTimeout();
        await feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam, Reporter = "digest-of-one-person" })
            .ResponseAsync.DefaultTimeout();
        await feedback.ReportOutcomeAsync(new ReportOutcomeRequest { Event = scored, Label = OutcomeLabel.Spam }).ResponseAsync.DefaultTimeout();
        if (desk)
        {
            var subjects = new SubjectService.SubjectServiceClient(channel);
            await subjects.InspectAsync(new InspectRequest { Address = scored.Address, DecisionToken = token }).ResponseAsync.DefaultTimeout();
            Assert.Equal(1, (await subjects.EraseAsync(new EraseRequest { Address = scored.Address, DecisionToken = token }).ResponseAsync.DefaultTimeout()).RecordsDeleted);
            var overrides = new OverrideService.OverrideServiceClient(channel);
            var set = await overrides.SetAsync(new OverrideServiceSetRequest { Address = scored.Address, Verdict = Verdict.Deny, Reason = "test", Ttl = new() { Seconds = 60 } }).ResponseAsync.DefaultTimeout();
            await overrides.ClearAsync(new OverrideServiceClearRequest { Id = set.Id }).ResponseAsync.DefaultTimeout();
            Assert.NotEmpty((await new EpochService.EpochServiceClient(channel).RollAsync(new RollRequest()).ResponseAsync.DefaultTimeout()).Epochs);
        }

        await app.StopAsync().DefaultTimeout();
    }

    private static RedisAccount Account(string name) => RedisAccount.OfADeployment.Single(account => account.Name == name);
}
