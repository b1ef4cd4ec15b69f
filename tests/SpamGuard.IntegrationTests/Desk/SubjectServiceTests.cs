using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>What a person behind an address is told, and what erasing it does.</summary>
public abstract class SubjectServiceTests(ServerFixture server)
{
    private const string Attestation = "identity card seen by the desk, case 17";

    private SubjectService.SubjectServiceClient Subjects => new(server.Channel);

    [Fact]
    public async Task Inspect_AfterEventsAndReports_TellsThemByDayWithTheirEnd()
    {
        await ScoreAsync(Events.SignUp("71.1.0.1"));
        var token = await ScoreAsync(Events.Message("71.1.0.1"));
        await ReportAsync(token, "person-1");
        await ReportAsync(token, "person-2");

        var held = await Subjects.InspectAsync(new InspectRequest { Address = "71.1.0.1", DecisionToken = token }).ResponseAsync.DefaultTimeout();

        var epoch = Assert.Single(held.Epochs);
        var today = held.ReadTime.ToDateTime().Date;
        Assert.Equal(32, held.SignificantBits);
        Assert.Equal((2, 0, 0), (epoch.Record.Units, epoch.Record.UnitsDayBefore, epoch.Record.UnitsBefore));
        Assert.InRange(epoch.Record.SpamReports, 1, 2); // one where both people have the same of the 32 bits
        Assert.Equal(0, epoch.Record.LegitimateReports);
        Assert.Equal(new DistinctMembers { Blamed = epoch.Record.SpamReports }, epoch.Record.Members);
        Assert.Equal((today, today), (epoch.Record.FirstSeenDay.ToDateTime(), epoch.Record.LastSeenDay.ToDateTime()));
        Assert.InRange(epoch.Record.ExpireTime.ToDateTime(), held.ReadTime.ToDateTime().AddDays(3.3), held.ReadTime.ToDateTime().AddDays(7));
        Assert.Equal(2, epoch.Reports.Count);
        Assert.Equal(epoch.Record.ExpireTime, epoch.Reports.ExpireTime);
        Assert.True(epoch.StartTime <= held.ReadTime);
        Assert.True(epoch.Record.FastBurstEndTime > held.ReadTime);
    }

    [Fact]
    public async Task Inspect_AddressThatNeverCame_HoldsNothing()
    {
        var held = await Subjects.InspectAsync(new InspectRequest { Address = "71.2.0.1", Attestation = Attestation }).ResponseAsync.DefaultTimeout();

        Assert.Empty(held.Epochs);
    }

    [Fact]
    public async Task Inspect_Twice_CountsNothing()
    {
        var token = await ScoreAsync(Events.SignUp("71.3.0.1"));
        var request = new InspectRequest { AddressBytes = ByteString.CopyFrom(71, 3, 0, 1), DecisionToken = token };

        var first = await Subjects.InspectAsync(request).ResponseAsync.DefaultTimeout();
        var second = await Subjects.InspectAsync(request).ResponseAsync.DefaultTimeout();

        Assert.Equal(first.Epochs, second.Epochs);
        Assert.Equal(1, Assert.Single(second.Epochs).Record.Units);
    }

    [Fact]
    public async Task Erase_KnownAddress_DeletesWhatIsItsOwnAndSaysWhatIsLeft()
    {
        var token = await ScoreAsync(Events.SignUp("71.4.0.1"));
        await ScoreAsync(Events.SignUp("71.4.0.2"));
        await ReportAsync(token, "person-1");

        var receipt = await Subjects.EraseAsync(new EraseRequest { Address = "71.4.0.1", DecisionToken = token }).ResponseAsync.DefaultTimeout();
        var again = await Subjects.EraseAsync(new EraseRequest { Address = "71.4.0.1", DecisionToken = token }).ResponseAsync.DefaultTimeout();

        Assert.Equal((1, 1, 0, 32), (receipt.RecordsDeleted, receipt.ReportListsDeleted, receipt.ReplicasAcknowledged, receipt.SignificantBits));
        Assert.Equal((0, 0, 0), (again.RecordsDeleted, again.ReportListsDeleted, again.ReplicasAcknowledged));
        Assert.Equal(
            [RemainingKind.RetryAnswers, RemainingKind.OperatorDenials, RemainingKind.NetworkTotals, RemainingKind.OutageMemory],
            receipt.Remains.Select(left => left.Kind));
        Assert.Equal(receipt.EraseTime.ToDateTime().AddSeconds(60), receipt.Remains[0].EndTime.ToDateTime());
        Assert.Empty((await InspectAsync("71.4.0.1")).Epochs);
        Assert.Single((await InspectAsync("71.4.0.2")).Epochs);
    }

    [Fact]
    public async Task Erase_NothingHeld_IsASuccessOfNothing()
    {
        var before = await server.MetricAsync("spamguard_erasures_total{result=\"nothing_held\"}");

        var receipt = await Subjects.EraseAsync(new EraseRequest { Address = "71.5.0.1", Attestation = Attestation }).ResponseAsync.DefaultTimeout();

        Assert.Equal((0, 0), (receipt.RecordsDeleted, receipt.ReportListsDeleted));
        Assert.Equal(before + 1, await server.MetricAsync("spamguard_erasures_total{result=\"nothing_held\"}"));
    }

    [Fact]
    public async Task Erase_Ipv6_ErasesTheWholeSlash64()
    {
        var token = await ScoreAsync(Events.SignUp("2a02:7106:1:1::7"));
        await ScoreAsync(Events.SignUp("2a02:7106:1:2::7"));

        var receipt = await Subjects.EraseAsync(new EraseRequest { Address = "2a02:7106:1:1:8:8:8:8", DecisionToken = token }).ResponseAsync.DefaultTimeout();

        Assert.Equal((1, 64), (receipt.RecordsDeleted, receipt.SignificantBits));
        Assert.Empty((await InspectAsync("2a02:7106:1:1::7")).Epochs);
        Assert.Single((await InspectAsync("2a02:7106:1:2::7")).Epochs);
    }

    [Fact]
    public async Task InspectAndErase_AsJson_AnswerTheSame()
    {
        var token = await ScoreAsync(Events.SignUp("71.7.0.1"));

        var (inspected, held) = await PostAsync("/v1/subjects:inspect", $$"""{"address":"71.7.0.1","decisionToken":"{{token}}"}""");
        var (erased, receipt) = await PostAsync("/v1/subjects:erase", $$"""{"address":"71.7.0.1","attestation":"{{Attestation}}"}""");
        var (refused, error) = await PostAsync("/v1/subjects:erase", """{"address":"71.7.0.1"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (inspected, erased, refused));
        Assert.Equal(1, held.GetProperty("epochs")[0].GetProperty("record").GetProperty("units").GetInt32());
        Assert.Equal(1, receipt.GetProperty("recordsDeleted").GetInt32());
        Assert.Contains("PROOF_REQUIRED", error.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InspectAndErase_InTheLog_NameTheCallerAndNoAddress()
    {
        var token = await ScoreAsync(Events.SignUp("71.8.0.1"));
        await InspectAsync("71.8.0.1");
        await Subjects.EraseAsync(new EraseRequest { Address = "71.8.0.1", DecisionToken = token }).ResponseAsync.DefaultTimeout();

        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "SubjectInspected" && log.Text.Contains("development", StringComparison.Ordinal));
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "SubjectErased" && log.Text.Contains("1 records", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logs.Logs, log => log.Text.Contains("71.8.0.1", StringComparison.Ordinal));
    }

    private async Task<string> ScoreAsync(Event spamEvent) =>
        (await server.Scoring.ScoreAsync(new ScoreRequest { Event = spamEvent }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;

    private async Task ReportAsync(string token, string reporter)
    {
        var report = new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam, Reporter = reporter };
        Assert.True((await server.Feedback.ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout()).Applied);
    }

    private Task<InspectResponse> InspectAsync(string address) =>
        Subjects.InspectAsync(new InspectRequest { Address = address, Attestation = Attestation }).ResponseAsync.DefaultTimeout();

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(server.Url(Listener.Http) + path), content).DefaultTimeout();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync().DefaultTimeout());
        return (response.StatusCode, document.RootElement.Clone());
    }
}

/// <inheritdoc/>
public sealed class EmbeddedSubjectServiceTests(ServerFixture server) : SubjectServiceTests(server), IClassFixture<ServerFixture>;

/// <inheritdoc/>
public sealed class RedisSubjectServiceTests(RedisServerFixture server) : SubjectServiceTests(server), IClassFixture<RedisServerFixture>;
