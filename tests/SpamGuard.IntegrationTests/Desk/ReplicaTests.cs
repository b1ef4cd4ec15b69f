using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>An erasure, a roll or an override that a fail-over could undo is none yet, and whoever asked for it is told to ask again.</summary>
public sealed class ReplicaTests(ReplicaFixture server) : IClassFixture<ReplicaFixture>
{
    [Fact]
    public async Task Erase_ReplicaStandsStill_IsUnavailableUntilItIsRepeated()
    {
        var subjects = new SubjectService.SubjectServiceClient(server.Channel);
        var published = await ActsAsync();
        await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("71.31.0.1") }).ResponseAsync.DefaultTimeout();
        var request = new EraseRequest { Address = "71.31.0.1", Attestation = "card" };

        RpcException error;
        server.Sentinel.PauseReplica();
        try
        {
            error = await Assert.ThrowsAsync<RpcException>(() => subjects.EraseAsync(request).ResponseAsync.DefaultTimeout());
        }
        finally
        {
            server.Sentinel.ResumeReplica();
        }

        Assert.Equal((StatusCode.Unavailable, "ERASURE_UNCONFIRMED"), (error.StatusCode, error.Info().Reason));
        Assert.Contains("0 of 1 replicas", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("again until it succeeds", error.Status.Detail, StringComparison.Ordinal);
        Assert.True(error.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds > 0);
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "ErasureUnconfirmed" && log.Text.Contains("0 of 1 replicas", StringComparison.Ordinal));
        Assert.Contains("spamguard_erasures_total{result=\"unconfirmed\"} 1", await server.MetricsAsync(), StringComparison.Ordinal);
        var outcome = Entries(LedgerAct.SubjectErase)[^1];
        Assert.True(outcome.IsDone);
        Assert.Equal(("false", 0), (outcome.Data["confirmed"]!.ToJsonString(), outcome.Number("replicas")));
        published.ActsOutcomeUnknown++; // and nothing else
        Assert.Equal(published, await ActsAsync());
        var receipt = new EraseResponse();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                receipt = await subjects.EraseAsync(request);
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false; // the replica is catching up
            }
        }).DefaultTimeout();
        Assert.Equal((0, 1), (receipt.RecordsDeleted, receipt.ReplicasAcknowledged));
    }

    [Fact]
    public async Task Roll_ReplicaStandsStill_IsUnavailableUntilItIsRepeated()
    {
        var epochs = new EpochService.EpochServiceClient(server.Channel);
        await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("71.31.0.2") }).ResponseAsync.DefaultTimeout();

        RpcException error;
        server.Sentinel.PauseReplica();
        try
        {
            error = await Assert.ThrowsAsync<RpcException>(() => epochs.RollAsync(new RollRequest()).ResponseAsync.DefaultTimeout());
        }
        finally
        {
            server.Sentinel.ResumeReplica();
        }

        Assert.Equal((StatusCode.Unavailable, "ROLL_UNFINISHED"), (error.StatusCode, error.Info().Reason));
        Assert.Contains("Rolled: none.", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("only 0 of 1 replicas", error.Status.Detail, StringComparison.Ordinal);
        var outcome = Entries(LedgerAct.EpochRoll)[^1];
        Assert.Equal("unknown", outcome.Result);
        Assert.NotEmpty(outcome.Data["epochs"]!.AsArray()); // the master has them
        var rolled = new RollResponse();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                rolled = await epochs.RollAsync(new RollRequest());
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false; // the replica is catching up
            }
        }).DefaultTimeout();
        Assert.True(rolled.Epochs.Count >= 4);
        Assert.All(rolled.Epochs, epoch => Assert.Equal(1, epoch.ReplicasAcknowledged));
    }

    [Fact]
    public async Task SetAndClearOverride_ReplicaStandsStill_AreUnavailableUntilTheyAreRepeated()
    {
        var overrides = new OverrideService.OverrideServiceClient(server.Channel);
        var published = await ActsAsync();
        var request = new OverrideServiceSetRequest { Address = "71.31.0.3", Verdict = Verdict.Deny, Reason = "a reason", Ttl = new() { Seconds = 300 } };

        RpcException set, clear;
        Override listed;
        server.Sentinel.PauseReplica();
        try
        {
            set = await Assert.ThrowsAsync<RpcException>(() => overrides.SetAsync(request).ResponseAsync.DefaultTimeout());
            listed = Assert.Single((await overrides.ListAsync(new OverrideServiceListRequest()).ResponseAsync.DefaultTimeout()).Overrides);
            clear = await Assert.ThrowsAsync<RpcException>(() => overrides.ClearAsync(new OverrideServiceClearRequest { Id = listed.Id }).ResponseAsync.DefaultTimeout());
        }
        finally
        {
            server.Sentinel.ResumeReplica();
        }

        Assert.All([set, clear], static error => Assert.Equal((StatusCode.Unavailable, "OVERRIDE_UNCONFIRMED"), (error.StatusCode, error.Info().Reason)));
        Assert.Equal(OverrideState.InForce, listed.State);
        published.ActsOutcomeUnknown++; // and nothing else
        Assert.Equal(published, await ActsAsync());
        var cleared = new OverrideServiceClearResponse();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                cleared = await overrides.ClearAsync(new OverrideServiceClearRequest { Id = listed.Id });
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false; // the replica is catching up
            }
        }).DefaultTimeout();
        Assert.Equal(1, cleared.ReplicasAcknowledged);
    }

    private async Task<ActFigures> ActsAsync() =>
        (await new TransparencyService.TransparencyServiceClient(server.Channel).GetReportAsync(new GetReportRequest()).ResponseAsync.DefaultTimeout()).Acts;

    private IReadOnlyList<LedgerEntry> Entries(LedgerAct act) =>
        [.. LedgerVolume.EntriesOf(server.Services.GetRequiredService<DeskLedger>().FilePath).Where(entry => entry.Act == act)];
}
