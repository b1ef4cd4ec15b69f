using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>Nobody is told what is held on an address, and nothing of it is erased, without an entry before and one after; and none says which address.</summary>
public sealed class SubjectLedgerTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Attestation = "identity card seen, case 17";

    private SubjectService.SubjectServiceClient Subjects => new(server.Channel);

    private DeskLedger Ledger => server.Services.GetRequiredService<DeskLedger>();

    [Fact]
    public async Task Inspect_ByADecisionToken_IsEnteredBeforeAndAfter()
    {
        var token = await ScoreAsync("72.1.0.1");
        var before = Entries().Count;

        await Subjects.InspectAsync(new InspectRequest { Address = "72.1.0.1", DecisionToken = token }).ResponseAsync.DefaultTimeout();

        var (intent, outcome) = Act(before, LedgerAct.SubjectInspect);
        Assert.Equal("{\"proof\":\"decision_token\",\"significant_bits\":32}", intent.Data.ToJsonString());
        Assert.Equal("{\"result\":\"done\",\"epochs\":1}", outcome.Data.ToJsonString());
        Assert.Equal("development", intent.By!.Caller);
    }

    [Fact]
    public async Task Erase_ByAnAttestation_IsEnteredWithItAndWithWhatWentAway()
    {
        var token = await ScoreAsync("2a02:7202::1");
        await server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam, Reporter = "person-1" }).ResponseAsync.DefaultTimeout();
        var before = Entries().Count;

        await Subjects.EraseAsync(new EraseRequest { Address = "2a02:7202::1", Attestation = Attestation }).ResponseAsync.DefaultTimeout();

        var (intent, outcome) = Act(before, LedgerAct.SubjectErase);
        Assert.Equal($"{{\"proof\":\"attestation\",\"significant_bits\":64,\"attestation\":\"{Attestation}\"}}", intent.Data.ToJsonString());
        Assert.Equal("{\"result\":\"done\",\"records\":1,\"report_lists\":1,\"replicas\":0,\"confirmed\":true}", outcome.Data.ToJsonString());
        var text = await ReadAsync();
        Assert.DoesNotContain("2a02:7202", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_ProofThatIsRefused_EntersNothing()
    {
        var other = await ScoreAsync("72.3.0.2");
        var before = Entries().Count;

        foreach (var request in (EraseRequest[])
        [
            new() { Address = "72.3.0.1" },
            new() { Address = "72.3.0.1", DecisionToken = other },
            new() { Address = "72.3.0.1", DecisionToken = "AAAA" },
            new() { Address = "72.3.0.1", Attestation = "card of 72.3.0.1" },
            new() { Address = "72.3.0", Attestation = Attestation },
        ])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => Subjects.EraseAsync(request).ResponseAsync.DefaultTimeout());
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }

        Assert.Equal(before, Entries().Count);
    }

    private IReadOnlyList<LedgerEntry> Entries() => LedgerVolume.EntriesOf(Ledger.FilePath);

    private async Task<string> ReadAsync()
    {
        using var reader = new StreamReader(new FileStream(Ledger.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync();
    }

    private (LedgerEntry Intent, LedgerEntry Outcome) Act(int before, LedgerAct act)
    {
        var entries = Entries().Skip(before).Where(entry => entry.Act == act).ToList();
        Assert.Equal([LedgerPhase.Intent, LedgerPhase.Outcome], entries.Select(static entry => entry.Phase));
        Assert.Equal(entries[0].Seq, entries[1].Intent);
        Assert.Equal(entries[0].By, entries[1].By);
        return (entries[0], entries[1]);
    }

    private async Task<string> ScoreAsync(string address) =>
        (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;
}
