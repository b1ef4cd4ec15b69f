using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using SpamGuard.V1;
using Xunit.Abstractions;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>What an operator does on an ordinary day, under load and behind a load balancer: no call fails and none goes without the store.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class RollingTests(RedisFixture redis, ITestOutputHelper output)
{
    private const int Callers = 4;
    private const string Other = "spiffe://example.org/other";

    // A second, and what a busy machine adds.
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongestRotation = TimeSpan.FromMinutes(7);

    [Fact]
    public async Task RollingRestart_OfEveryProcess_FailsNoCall()
    {
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 3);
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        await using var load = new SteadyLoad(Channels(fleet), "100.70");
        await load.GoOnAsync(200);

        // As a Deployment does with maxUnavailable 0 and maxSurge 1.
        foreach (var old in fleet.Running)
        {
            await fleet.AddAsync();
            await load.GoOnAsync(100);
            Assert.Equal(0, await fleet.RemoveAsync(old));
            await load.GoOnAsync(100);
        }

        await load.EndAsync();
        Assert.Equal(2, fleet.Running.Count);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task ScaleUpAndToZeroAndBack_OnTheSameConnections_FailsNoCallThatAProcessWasThereFor()
    {
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 3, "Production", ("Listeners__MaxConnectionAge", "00:00:10"));
        await fleet.AddAsync();
        var channels = Channels(fleet);
        await using (var load = new SteadyLoad(channels, "100.71"))
        {
            await load.GoOnAsync(100);
            int[] added = [await fleet.AddAsync(), await fleet.AddAsync()];
            foreach (var place in added)
            {
                await Poll.UntilAsync(async () => !load.Failures.IsEmpty || await CallsAsync(fleet, place) > 0).DefaultTimeout(); // connections age, and are made anew
            }

            await load.GoOnAsync(100);
            await load.EndAsync();
        }

        await Task.WhenAll(fleet.Running.Select(fleet.RemoveAsync));
        var nobody = await Assert.ThrowsAsync<RpcException>(() => new ScoringService.ScoringServiceClient(channels[0]).ScoreAsync(new ScoreRequest { Event = Events.Message("100.71.0.1") }).ResponseAsync.DefaultTimeout());
        Assert.Equal(StatusCode.Unavailable, nobody.StatusCode);

        await fleet.AddAsync();
        await BackAsync(channels);
        await using var again = new SteadyLoad(channels, "100.71");
        await again.GoOnAsync(200);
        await again.EndAsync();
    }

    [Fact]
    public async Task PolicyChange_InEveryProcess_FailsNoCallAndIsOnePolicyEverywhereAfterwards()
    {
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 2);
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        await using var load = new SteadyLoad(Channels(fleet), "100.72");
        await load.GoOnAsync(100);
        var before = Assert.Single(load.Revisions.Keys);

        fleet.Policy.Exchange("defaults: {thresholds: {challenge: .29}}\n");
        await EveryAsync(fleet, load, """spamguard_policy_reloads_total{result="applied"}""", 1);
        var after = load.Revisions.Keys.Except([before]).ToList();
        var old = load.Revisions[before];
        await load.GoOnAsync(200);
        await load.EndAsync();
        Assert.Single(after.Union(load.Revisions.Keys.Except([before])));
        Assert.InRange(load.Revisions[before] - old, 0, 12); // those that were under way

        // One that is wrong is refused, and the last good one stays.
        fleet.Policy.Exchange("defaults: {thresholds: {challenge: 29}}\n");
        await using var more = new SteadyLoad(Channels(fleet), "100.72");
        await EveryAsync(fleet, more, "spamguard_policy_file_rejected", 1);
        await more.GoOnAsync(100);
        await more.EndAsync();
        Assert.DoesNotContain(before, more.Revisions.Keys);
    }

    [Fact]
    public async Task CertificateRotation_OfServerAndAuthorityAndCallers_FailsNoCall()
    {
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 2, "Production", ("Listeners__MaxConnectionAge", "00:00:10"));
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        await using var load = new SteadyLoad(Channels(fleet), "100.73");
        await load.GoOnAsync(100);

        // The server's: two files, one after the other.
        var renewed = fleet.Mounted.Authority.Server("renewed");
        fleet.Mounted.Exchange("server.crt", File.ReadAllText(renewed.CertificatePath));
        fleet.Mounted.Exchange("server.key", File.ReadAllText(renewed.KeyPath));
        await Poll.UntilAsync(async () => !load.Failures.IsEmpty || (await fleet.SerialsAsync()).All(serial => serial == renewed.Serial)).DefaultTimeout();
        await load.GoOnAsync(100);

        // The callers' authority: both are trusted, then callers have certificates of the new one, then the old one is trusted no more.
        using var next = new TestAuthority("next-ca");
        var old = File.ReadAllText(fleet.Mounted.Authority.CaPath);
        await TrustAsync(fleet, load, $"{old}\n{File.ReadAllText(next.CaPath)}");
        await using var moved = new SteadyLoad([.. Enumerable.Range(0, Callers).Select(_ => fleet.Channel(next.Client([Fleet.Identity])))], "100.74");
        await moved.GoOnAsync(100);
        await load.EndAsync();
        await TrustAsync(fleet, moved, File.ReadAllText(next.CaPath));
        await moved.GoOnAsync(200);
        await moved.EndAsync();

        var late = await Assert.ThrowsAsync<RpcException>(() => new ScoringService.ScoringServiceClient(fleet.Channel()).ScoreAsync(new ScoreRequest { Event = Events.Message("100.73.0.1") }).ResponseAsync.DefaultTimeout());
        Assert.Contains(late.StatusCode, (StatusCode[])[StatusCode.Unauthenticated, StatusCode.Unavailable, StatusCode.Internal]);
    }

    [Fact]
    public async Task CallersChange_OfTheFileAndOfTheDenyList_CountsOnOpenConnectionsAndFailsNoOtherCall()
    {
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 2);
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        await using var load = new SteadyLoad(Channels(fleet), "100.79");
        var (lost, kept) = (fleet.Mounted.Client(Other), fleet.Mounted.Client(Other));
        GrpcChannel[] byLost = [.. fleet.Running.Select(place => fleet.Direct(place, lost))];
        GrpcChannel[] byKept = [.. fleet.Running.Select(place => fleet.Direct(place, kept))];
        await AnsweredAsync("a caller whom nobody knows", byLost, "CALLER_UNKNOWN");

        fleet.Mounted.Exchange("callers.yaml", Fleet.Callers($"  other: {{identities: [{Other}], roles: [scorer]}}"));
        await AnsweredAsync("a caller who is let in", [.. byLost, .. byKept], "");
        await load.GoOnAsync(100);

        fleet.Mounted.Exchange("denied.txt", $"serial {lost.Serial}\n");
        await AnsweredAsync("a certificate that is denied", byLost, "CERTIFICATE_DENIED");
        await AnsweredAsync("another one of that caller", byKept, "");
        await load.GoOnAsync(100);

        fleet.Mounted.Exchange("callers.yaml", Fleet.Callers());
        await AnsweredAsync("a caller who is let in no more", byKept, "CALLER_UNKNOWN");
        await AnsweredAsync("his certificate that is denied", byLost, "CERTIFICATE_DENIED");
        await load.GoOnAsync(100);
        await load.EndAsync();
    }

    [Fact]
    public async Task DeskRestart_UnderOperatorsCalls_IsUnavailableWhileItIsDownAndScoringLosesNothing()
    {
        await redis.FlushAsync();
        using var volume = new LedgerVolume();
        await using var fleet = await Fleet.StartAsync(redis, places: 1);
        await Task.WhenAll(fleet.AddAsync(), fleet.AddDeskAsync(redis, volume));
        await using var load = new SteadyLoad(Channels(fleet), "100.80");
        GrpcChannel[] channels = [fleet.Desk(), fleet.Desk()];
        await using var operators = new OperatorLoad(channels, "100.81.0");
        await operators.GoOnAsync(20);
        Assert.Empty(operators.Failures);

        Assert.Equal(0, await fleet.RemoveDeskAsync());
        await Poll.UntilAsync(() => Task.FromResult(!operators.Failures.IsEmpty)).DefaultTimeout();
        await load.GoOnAsync(100);

        await fleet.AddDeskAsync(redis, volume);
        await BackAsync(channels);
        var failures = operators.Failures.Count;
        await operators.GoOnAsync(20);
        Assert.Equal(failures, operators.Failures.Count);
        await operators.EndAsync();
        await load.EndAsync();

        // But for the call of each connection under which the last of the desk goes, which the client calls INTERNAL and does not know to be unbegun.
        var cut = operators.Failures.Where(static failure => failure.StatusCode != StatusCode.Unavailable).ToList();
        Assert.All(cut, static failure => Assert.Contains("The HTTP/2 server closed the connection", failure.Detail, StringComparison.Ordinal));
        Assert.InRange(cut.Count, 0, channels.Length);
        var found = volume.Verify();
        Assert.Equal((null, 0), (found.Fault, found.Open.Count));
        var entries = volume.Entries(LedgerAct.OverrideSet);
        Assert.All(entries.Where(static entry => entry.Phase == LedgerPhase.Outcome), static entry => Assert.True(entry.IsDone, entry.Result)); // no act was cut off
        Assert.Empty(operators.Set.Except(entries.Where(static entry => entry.Phase == LedgerPhase.Intent).Select(static entry => entry.Text("id")!), StringComparer.Ordinal)); // what was answered is there
        output.WriteLine($"{operators.Set.Count} overrides set, {failures} calls UNAVAILABLE while the desk was down; {load.Answers} events scored meanwhile, {load.Degraded} without the store");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task PepperRotation_FromBothMountedToTheOldOneTakenAway_FailsNoCall()
    {
        // Epochs of thirty seconds and of two minutes: the whole of a rotation, which takes a month otherwise.
        await redis.FlushAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 2, "Development", ("Epochs__Scale", EpochPace.MaxScale.ToString(CultureInfo.InvariantCulture)));
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        await using var load = new SteadyLoad(Channels(fleet), "100.75");
        await load.GoOnAsync(100);

        fleet.AddPepper("b.pepper");
        await EveryAsync(fleet, load, "spamguard_peppers_loaded", 2);

        // Too early: epochs that live name the old one, and so it stays in force.
        fleet.RemovePepper(Fleet.FirstPepper);
        await EveryAsync(fleet, load, "spamguard_pepper_files_rejected", 1);
        await EveryAsync(fleet, load, "spamguard_peppers_loaded", 2);
        await load.GoOnAsync(100);

        // As an operator does: puts it back, and tries again.
        for (var watch = Stopwatch.StartNew(); await AnyAsync(fleet, "spamguard_peppers_loaded", 2); Assert.True(watch.Elapsed < LongestRotation, "The old pepper is still named."))
        {
            fleet.RestorePepper(Fleet.FirstPepper);
            await EveryAsync(fleet, load, "spamguard_pepper_files_rejected", 0);
            await load.GoOnAsync(1000);
            fleet.RemovePepper(Fleet.FirstPepper);
            await Poll.UntilAsync(async () => !load.Failures.IsEmpty || (!await AnyAsync(fleet, "spamguard_peppers_loaded", 2) || await AnyAsync(fleet, "spamguard_pepper_files_rejected", 1))).DefaultTimeout();
            if (!load.Failures.IsEmpty)
            {
                break;
            }
        }

        // One that never had it.
        await fleet.RemoveAsync(fleet.Running[0]);
        await fleet.AddAsync();
        await load.GoOnAsync(200);
        await load.EndAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task OldAndNewBuild_OnOneRedis_CountAsOneAndFailNoCallForwardsAndBack()
    {
        await redis.FlushAsync();
        using var previous = await PreviousBuild.PublishAsync();
        await using var fleet = await Fleet.StartAsync(redis, places: 3);
        var old = await Task.WhenAll(fleet.AddAsync(previous.Path), fleet.AddAsync(previous.Path));
        await using var load = new SteadyLoad(Channels(fleet), "100.76");
        await load.GoOnAsync(100);

        var added = await fleet.AddAsync();
        Assert.Equal(0, await fleet.RemoveAsync(old[0]));
        await AssertOneMemoryAsync(fleet.Direct(old[1]), fleet.Direct(added));
        await load.GoOnAsync(200);

        // Back, and forwards again.
        var back = await fleet.AddAsync(previous.Path);
        Assert.Equal(0, await fleet.RemoveAsync(added));
        await load.GoOnAsync(100);
        foreach (var place in (int[])[old[1], back])
        {
            await fleet.AddAsync();
            Assert.Equal(0, await fleet.RemoveAsync(place));
            await load.GoOnAsync(100);
        }

        await load.EndAsync();
    }

    private static GrpcChannel[] Channels(Fleet fleet) => [.. Enumerable.Range(0, Callers).Select(_ => fleet.Channel())];

    // Until every process answers so on a connection that is open: by a reason, or "" where it scores.
    private async Task AnsweredAsync(string whom, GrpcChannel[] channels, string reason)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var channel in channels)
        {
            await Poll.UntilAsync(async () => await ReasonAsync(channel) == reason).TimeoutAfter(ReloadLimit);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{whom}: {(reason.Length == 0 ? "scored" : reason)} by every process after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s"));
    }

    private static async Task<string> ReasonAsync(GrpcChannel channel)
    {
        try
        {
            await new ScoringService.ScoringServiceClient(channel).ScoreAsync(new ScoreRequest { Event = Events.Message("100.79.255.1") }).ResponseAsync.DefaultTimeout();
            return "";
        }
        catch (RpcException e)
        {
            return e.Info().Reason;
        }
    }

    private static Task<double> CallsAsync(Fleet fleet, int place) =>
        fleet.MetricAsync(place, """grpc_server_started_total{grpc_service="spamguard.v1.ScoringService",grpc_method="Score",grpc_type="unary"}""");

    // Whom every process has taken in once this ends, if no call fails before.
    private static async Task TrustAsync(Fleet fleet, SteadyLoad load, string authorities)
    {
        const string Applied = """spamguard_caller_reloads_total{files="tls",result="applied"}""";
        var before = await Task.WhenAll(fleet.Running.Select(place => fleet.MetricAsync(place, Applied)));
        fleet.Mounted.Exchange("ca.crt", authorities);
        await Poll.UntilAsync(async () => !load.Failures.IsEmpty || (await Task.WhenAll(fleet.Running.Select(place => fleet.MetricAsync(place, Applied)))).Zip(before).All(static pair => pair.First > pair.Second)).DefaultTimeout();
    }

    // What one counts the other knows, and each reads the other's decision tokens.
    private static async Task AssertOneMemoryAsync(params GrpcChannel[] channels)
    {
        const string Address = "100.77.0.1";
        var scoring = channels.Select(static channel => new ScoringService.ScoringServiceClient(channel)).ToList();
        var assessments = new List<Assessment>();
        for (var number = 0; number < 6; number++)
        {
            assessments.Add((await scoring[number % scoring.Count].ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address), RequestId = Events.NewRequestId() }).ResponseAsync.DefaultTimeout()).Assessment);
        }

        Assert.Equal(assessments.Select(static assessment => assessment.SpamProbability).Order(), assessments.Select(static assessment => assessment.SpamProbability)); // each knows of those before
        Assert.True(assessments[^1].Verdict >= Verdict.Challenge, assessments[^1].ToString());
        foreach (var (number, assessment) in assessments.Index())
        {
            var other = channels[(number + 1) % channels.Length];
            var explained = await new ScoringService.ScoringServiceClient(other).ExplainAsync(new ExplainRequest { DecisionToken = assessment.DecisionToken }).ResponseAsync.DefaultTimeout();
            Assert.Equal(assessment.Verdict, explained.Verdict);
            var report = new ReportOutcomeRequest { DecisionToken = assessment.DecisionToken, Label = OutcomeLabel.Spam };
            Assert.True((await new FeedbackService.FeedbackServiceClient(other).ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout()).Applied);
        }
    }

    private static async Task<bool> AnyAsync(Fleet fleet, string series, double value) =>
        (await Task.WhenAll(fleet.Running.Select(place => fleet.MetricAsync(place, series)))).Contains(value);

    private static Task EveryAsync(Fleet fleet, SteadyLoad load, string series, double value) =>
        Poll.UntilAsync(async () => !load.Failures.IsEmpty || (await Task.WhenAll(fleet.Running.Select(place => fleet.MetricAsync(place, series)))).All(found => found == value)).DefaultTimeout();

    // A channel that could not connect waits for a moment before it tries again, and fails what it is asked meanwhile.
    private static async Task BackAsync(IEnumerable<GrpcChannel> channels)
    {
        foreach (var channel in channels)
        {
            await Poll.UntilAsync(() => ServerProgram.IsServingAsync(channel)).DefaultTimeout();
        }
    }
}
