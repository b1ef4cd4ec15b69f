using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>What an operator says is set, decides, is listed and is taken back.</summary>
public abstract class OverrideServiceTests(ServerFixture server)
{
    private static readonly Reason Notice = new() { Code = "OPERATOR_OVERRIDE", Weight = 0 };

    private OverrideService.OverrideServiceClient Overrides => new(server.Channel);

    [Fact]
    public async Task Set_ByAddress_DecidesItsEventsAndNoOthers()
    {
        var set = await SetAsync(new() { Address = "81.1.0.1", Verdict = Verdict.Deny });

        Assert.Equal(
            (SubjectLevel.Address, 32, Verdict.Deny, 0), (set.Level, set.SignificantBits, set.Verdict, set.ReplicasAcknowledged));
        Assert.Matches("^a[0-9a-f]{16}$", set.Id);
        var answer = await UntilAsync("81.1.0.1", Verdict.Deny);
        Assert.Contains(Notice, answer.Reasons);
        Assert.InRange(answer.RetryAfter.Seconds, 3000, 3600);
        Assert.Equal(Verdict.Allow, (await ScoreAsync("81.1.0.2")).Verdict);
        var explained = await server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = answer.DecisionToken }).ResponseAsync.DefaultTimeout();
        Assert.Equal(Verdict.Deny, explained.Verdict);
        Assert.Contains(Notice, explained.Reasons);
    }

    [Theory]
    [InlineData("81.2.3.0/24", "81.2.3.77", "81.2.4.77", 24, SubjectLevel.Network)]
    [InlineData("81.3.0.0/16", "81.3.77.1", "81.4.77.1", 16, SubjectLevel.Region)]
    [InlineData("2a02:8101:7::/48", "2a02:8101:7:9::1", "2a02:8101:8:9::1", 48, SubjectLevel.Network)]
    [InlineData("2a02:8102::/32", "2a02:8102:7:9::1", "2a02:8103:7:9::1", 32, SubjectLevel.Region)]
    public async Task Set_ByNetwork_DecidesTheEventsInItAndNoOthers(string network, string inside, string outside, int bits, SubjectLevel level)
    {
        var set = await SetAsync(new() { Network = network, Verdict = Verdict.Challenge });

        Assert.Equal((level, bits), (set.Level, set.SignificantBits));
        Assert.Matches("^n[0-9a-f]{16}$", set.Id);
        await UntilAsync(inside, Verdict.Challenge);
        Assert.Equal(Verdict.Allow, (await ScoreAsync(outside)).Verdict);
    }

    [Fact]
    public async Task Set_ByTheTokenOfADenial_IsAnExemptionOfItsAddress()
    {
        Assessment? denied = null;
        for (var i = 0; i < 12; i++)
        {
            denied = await ScoreAsync("81.5.0.1"); // a burst of sign-ups
        }

        Assert.Equal(Verdict.Deny, denied!.Verdict);

        var set = await SetAsync(new() { DecisionToken = denied.DecisionToken, Verdict = Verdict.Allow });

        Assert.Equal((SubjectLevel.Address, 32), (set.Level, set.SignificantBits));
        var next = await UntilAsync("81.5.0.1", Verdict.Allow);
        Assert.Contains(Notice, next.Reasons);
        Assert.True(next.SpamProbability > .9);
        Assert.Null(next.RetryAfter);
        var listed = await FindAsync(set.Id);
        Assert.Equal((OverrideNaming.DecisionToken, OverrideState.InForce), (listed!.Naming, listed.State));
    }

    [Fact]
    public async Task Set_ByTheTokenOfAPreview_IsTakenToo()
    {
        var preview = await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp("81.6.0.1") }).ResponseAsync.DefaultTimeout();

        await SetAsync(new() { DecisionToken = preview.Assessment.DecisionToken, Verdict = Verdict.Throttle });

        await UntilAsync("81.6.0.1", Verdict.Throttle);
    }

    [Fact]
    public async Task Set_OfASubjectThatHasOne_ReplacesIt()
    {
        var token = (await ScoreAsync("81.7.0.1")).DecisionToken;
        var first = await SetAsync(new() { Address = "81.7.0.1", Verdict = Verdict.Deny });
        var second = await SetAsync(new() { DecisionToken = token, Verdict = Verdict.Challenge });
        var third = await SetAsync(new() { AddressBytes = ByteString.CopyFrom(81, 7, 0, 1), Verdict = Verdict.Throttle });

        Assert.Empty(first.ReplacedIds);
        Assert.Equal([first.Id], second.ReplacedIds);
        Assert.Equal([second.Id], third.ReplacedIds);
        Assert.Null(await FindAsync(first.Id));
        Assert.Null(await FindAsync(second.Id));
        Assert.Equal(OverrideState.InForce, (await FindAsync(third.Id))!.State);
        await UntilAsync("81.7.0.1", Verdict.Throttle);
    }

    [Fact]
    public async Task List_AfterASet_SaysWhoAndWhyAndNeverOfWhom()
    {
        var set = await SetAsync(new() { Network = "81.8.8.0/24", Verdict = Verdict.Deny, Reason = "abuse desk, ticket 4711" });

        var listed = await FindAsync(set.Id);

        Assert.Equal(
            new Override
            {
                Id = set.Id,
                State = OverrideState.InForce,
                Level = SubjectLevel.Network,
                Verdict = Verdict.Deny,
                Reason = "abuse desk, ticket 4711",
                Operator = "development",
                OperatorIdentity = "development",
                SetTime = listed!.SetTime,
                ExpireTime = set.ExpireTime,
                Naming = OverrideNaming.Network,
            },
            listed);
        Assert.InRange((set.ExpireTime.ToDateTime() - listed.SetTime.ToDateTime()).TotalSeconds, 3590, 3610);
    }

    [Fact]
    public async Task Clear_KnownId_GivesTheVerdictBackToTheModelAndIsDoneOnce()
    {
        var set = await SetAsync(new() { Address = "81.9.0.1", Verdict = Verdict.Deny });
        await UntilAsync("81.9.0.1", Verdict.Deny);

        await Overrides.ClearAsync(new OverrideServiceClearRequest { Id = set.Id }).ResponseAsync.DefaultTimeout();

        Assert.DoesNotContain(Notice, (await UntilAsync("81.9.0.1", Verdict.Allow)).Reasons);
        Assert.Null(await FindAsync(set.Id));
        var again = await Assert.ThrowsAsync<RpcException>(() => Overrides.ClearAsync(new OverrideServiceClearRequest { Id = set.Id }).ResponseAsync.DefaultTimeout());
        Assert.Equal((StatusCode.NotFound, "OVERRIDE_UNKNOWN"), (again.StatusCode, again.Info().Reason));
        Assert.Equal("id", Assert.Single(again.BadRequest().FieldViolations).Field);
    }

    [Fact]
    public async Task Set_OfFiveSeconds_EndsByItself()
    {
        await SetAsync(new() { Address = "81.10.0.1", Verdict = Verdict.Challenge, Ttl = new Duration { Seconds = 5 } });
        await UntilAsync("81.10.0.1", Verdict.Challenge);

        await UntilAsync("81.10.0.1", Verdict.Allow);
    }

    [Fact]
    public async Task InspectAndErase_AddressWithOne_SayItAndLeaveIt()
    {
        var set = await SetAsync(new() { Address = "81.11.0.1", Verdict = Verdict.Deny });
        await UntilAsync("81.11.0.1", Verdict.Deny);
        var subjects = new SubjectService.SubjectServiceClient(server.Channel);

        var held = await subjects.InspectAsync(new InspectRequest { Address = "81.11.0.1", Attestation = "card" }).ResponseAsync.DefaultTimeout();
        var receipt = await subjects.EraseAsync(new EraseRequest { Address = "81.11.0.1", Attestation = "card" }).ResponseAsync.DefaultTimeout();
        var other = await subjects.InspectAsync(new InspectRequest { Address = "81.11.0.2", Attestation = "card" }).ResponseAsync.DefaultTimeout();

        Assert.Equal((Verdict.Deny, set.ExpireTime), (held.Override.Verdict, held.Override.ExpireTime));
        Assert.Null(other.Override);
        Assert.Equal(set.ExpireTime, receipt.Remains.Single(left => left.Kind == RemainingKind.OperatorDenials).EndTime);
        Assert.Equal(Verdict.Deny, (await ScoreAsync("81.11.0.1")).Verdict);
    }

    [Fact]
    public async Task SetListAndClear_AsJson_AnswerTheSame()
    {
        var (set, said) = await SendAsync(HttpMethod.Post, "/v1/overrides:set", """{"address":"81.12.0.1","verdict":"VERDICT_DENY","reason":"case 17","ttl":"7200s"}""");
        var (listed, list) = await SendAsync(HttpMethod.Get, "/v1/overrides", body: null);
        var (cleared, _) = await SendAsync(HttpMethod.Post, "/v1/overrides:clear", $$"""{"id":"{{said.GetProperty("id").GetString()}}"}""");
        var (unknown, _) = await SendAsync(HttpMethod.Post, "/v1/overrides:clear", """{"id":"a0123456789abcdef"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound), (set, listed, cleared, unknown));
        Assert.Contains(list.GetProperty("overrides").EnumerateArray(), one => one.GetProperty("reason").GetString() == "case 17");
    }

    [Fact]
    public async Task Metrics_OfWhatWasDecided_CountIt()
    {
        await SetAsync(new() { Address = "81.13.0.1", Verdict = Verdict.Throttle });
        await UntilAsync("81.13.0.1", Verdict.Throttle);
        Assert.Equal(Verdict.Throttle, (await ScoreAsync("81.13.0.1")).Verdict);

        Assert.True(await server.MetricAsync("spamguard_overridden_assessments_total{verdict=\"THROTTLE\"}") > 0);
        Assert.True(await server.MetricAsync("spamguard_overrides_in_force") > 0);
        Assert.True(await server.MetricAsync("spamguard_overrides_read_timestamp_seconds") > 0);
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "OverrideSet" && log.Text.Contains("development", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logs.Logs, log => log.Text.Contains("81.13.0.1", StringComparison.Ordinal));
    }

    private async Task<OverrideServiceSetResponse> SetAsync(OverrideServiceSetRequest request)
    {
        request.Reason = request.Reason.Length == 0 ? "an appeal" : request.Reason;
        request.Ttl = request.ExpiryCase == OverrideServiceSetRequest.ExpiryOneofCase.None ? new Duration { Seconds = 3600 } : request.Ttl;
        return await Overrides.SetAsync(request).ResponseAsync.DefaultTimeout();
    }

    private async Task<Override?> FindAsync(string id) =>
        (await Overrides.ListAsync(new OverrideServiceListRequest()).ResponseAsync.DefaultTimeout()).Overrides.SingleOrDefault(one => one.Id == id);

    private async Task<Assessment> ScoreAsync(string address) =>
        (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment;

    // By previews, which count nothing.
    private async Task<Assessment> UntilAsync(string address, Verdict verdict)
    {
        Assessment? last = null;
        await Poll.UntilAsync(async () =>
        {
            last = (await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment;
            return last.Verdict == verdict;
        }).DefaultTimeout();
        return last!;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(server.Url(Listener.Http) + path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request).DefaultTimeout();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync().DefaultTimeout());
        return (response.StatusCode, document.RootElement.Clone());
    }
}

/// <inheritdoc/>
public sealed class EmbeddedOverrideServiceTests(ServerFixture server) : OverrideServiceTests(server), IClassFixture<ServerFixture>;

/// <inheritdoc/>
public sealed class RedisOverrideServiceTests(RedisServerFixture server) : OverrideServiceTests(server), IClassFixture<RedisServerFixture>;
