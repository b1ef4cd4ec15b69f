using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>What a caller with the right role may ask for, and how much of it.</summary>
public sealed class LimitTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private ScoringService.ScoringServiceClient Forms => new(server.As("forms"));

    [Fact]
    public async Task Score_KindOfAnotherPurpose_IsRefusedBeforeAnythingElseOfIt()
    {
        foreach (var address in (string[])["26.0.0.1", "no address"])
        {
            AssertPurpose(await RefusedAsync(Forms.ScoreAsync(new ScoreRequest { Event = Events.Message(address), RequestId = "no UUID" })), "event.kind");
        }

        Assert.Equal(Verdict.Allow, (await Forms.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.0.0.1") })).Assessment.Verdict);
    }

    [Fact]
    public async Task Preview_KindOfAnotherPurpose_IsRefusedByEventAndByToken()
    {
        var scored = await new ScoringService.ScoringServiceClient(server.As("r1")).ScoreAsync(new ScoreRequest { Event = Events.Message("26.0.0.2") });
        var token = scored.Assessment.DecisionToken;

        AssertPurpose(await RefusedAsync(Forms.PreviewAsync(new PreviewRequest { Event = Events.Message("26.0.0.2") })), "event.kind");
        AssertPurpose(await RefusedAsync(Forms.PreviewAsync(new PreviewRequest { DecisionToken = token })), "event.kind");
        AssertPurpose(await RefusedAsync(Forms.ExplainAsync(new ExplainRequest { DecisionToken = token })), "event.kind");
        Assert.Equal("DECISION_TOKEN_INVALID", (await RefusedAsync(Forms.PreviewAsync(new PreviewRequest { DecisionToken = "x" }))).Info().Reason);
        Assert.Equal(EventKind.Message, (await new ScoringService.ScoringServiceClient(server.As(CallerServerFixture.Roles("operator"))).ExplainAsync(new ExplainRequest { DecisionToken = token })).Kind);
    }

    [Fact]
    public async Task Preview_TokenOfAnotherCaller_IsRefusedWhileItsOwnIsAnswered()
    {
        var (own, other) = (new ScoringService.ScoringServiceClient(server.As("r1")), new ScoringService.ScoringServiceClient(server.As("r3")));
        var request = new PreviewRequest
        {
            DecisionToken = (await own.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.0.0.5") })).Assessment.DecisionToken,
        };

        var error = await RefusedAsync(other.PreviewAsync(request));

        Assert.Equal((StatusCode.PermissionDenied, "DECISION_TOKEN_OF_ANOTHER_CALLER"), (error.StatusCode, error.Info().Reason));
        Assert.Equal("decision_token", Assert.Single(error.BadRequest().FieldViolations).Field);
        var again = (await own.PreviewAsync(request)).Assessment.DecisionToken;
        Assert.NotNull((await own.PreviewAsync(new PreviewRequest { DecisionToken = again })).Assessment);
        Assert.NotNull(await other.ExplainAsync(new ExplainRequest { DecisionToken = request.DecisionToken }));
    }

    [Fact]
    public async Task ScoreBatch_KindsOfOtherPurposes_AreRefusedOneByOne()
    {
        var response = await Forms.ScoreBatchAsync(new ScoreBatchRequest
        {
            Requests = { new ScoreRequest { Event = Events.SignUp("26.0.0.3") }, new ScoreRequest { Event = Events.Message("26.0.0.3") }, new ScoreRequest { Event = Events.SignUp("26.0.0.4") } },
        });

        Assert.Equal([true, false, true], response.Results.Select(result => result.Assessment is not null));
        var status = response.Results[1].Status;
        Assert.Equal(((int)Code.PermissionDenied, "The caller may not ask for events of this kind: requests[1].event.kind. Its purposes: sign_up."), (status.Code, status.Message));
        Assert.Equal("PURPOSE_NOT_ALLOWED", status.GetDetail<ErrorInfo>().Reason);
        Assert.Equal("requests[1].event.kind", Assert.Single(status.GetDetail<BadRequest>().FieldViolations).Field);
    }

    [Fact]
    public async Task Score_BeyondTheQuota_IsRefusedWithATimeToWaitAndBatchesCountTheirEvents()
    {
        var scoring = new ScoringService.ScoringServiceClient(server.As("score-limited"));

        var large = await RefusedAsync(scoring.ScoreBatchAsync(Batch(6)));
        await scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.1.0.1") });
        await scoring.ScoreBatchAsync(Batch(1));
        var batch = await RefusedAsync(scoring.ScoreBatchAsync(Batch(3)));
        await scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.1.0.2") });
        var one = await RefusedAsync(scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.1.0.3") }));
        var unread = await RefusedAsync(scoring.ScoreBatchAsync(new ScoreBatchRequest()));

        const string Quota = "0.01 a second, at most 5 at once";
        Assert.Equal(
            (StatusCode.ResourceExhausted, $"The batch is larger than the caller's quota score ever has: {Quota}. Send batches of 5 or less."),
            (large.StatusCode, large.Status.Detail));
        Assert.Null(large.GetRpcStatus()!.GetDetail<RetryInfo>());
        foreach (var (error, most) in (ReadOnlySpan<(RpcException, int)>)[(batch, 200), (one, 100), (unread, 100)])
        {
            Assert.Equal((StatusCode.ResourceExhausted, $"The caller's quota score is used up: {Quota}."), (error.StatusCode, error.Status.Detail));
            Assert.Equal(("QUOTA_EXCEEDED", "score"), (error.Info().Reason, error.Info().Metadata["quota"]));
            Assert.InRange(error.Detail<RetryInfo>().RetryDelay.Seconds, 1, most);
            var violation = Assert.Single(error.Detail<QuotaFailure>().Violations);
            Assert.Equal(("caller:score-limited/score", Quota), (violation.Subject, violation.Description));
        }

        await scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp("26.1.0.4") }); // which is counted apart
    }

    [Fact]
    public async Task ScoreBatch_Refused_CostsOne()
    {
        var scoring = new ScoringService.ScoringServiceClient(server.As("batch-limited"));

        var large = await RefusedAsync(scoring.ScoreBatchAsync(Batch(7)));
        var full = await RefusedAsync(scoring.ScoreBatchAsync(Batch(6)));
        var bad = await RefusedAsync(scoring.ScoreBatchAsync(new ScoreBatchRequest()));
        await scoring.ScoreBatchAsync(Batch(3)).ResponseAsync.DefaultTimeout();
        var empty = await RefusedAsync(scoring.ScoreBatchAsync(new ScoreBatchRequest()));

        Assert.StartsWith("The batch is larger than the caller's quota score ever has: ", large.Status.Detail, StringComparison.Ordinal);
        Assert.StartsWith("The caller's quota score is used up: ", full.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(full.Detail<RetryInfo>().RetryDelay.Seconds, 101, 200); // 4 are left of the 6 that it takes when it is made again
        Assert.Equal((StatusCode.InvalidArgument, StatusCode.ResourceExhausted), (bad.StatusCode, empty.StatusCode));
    }

    [Fact]
    public async Task Preview_BeyondTheQuota_IsRefusedAlsoOverAnotherConnection()
    {
        await new ScoringService.ScoringServiceClient(server.As("preview-limited")).PreviewAsync(new PreviewRequest { Event = Events.SignUp("26.2.0.1") });
        var other = new ScoringService.ScoringServiceClient(server.As("preview-limited"));

        var error = await RefusedAsync(other.PreviewAsync(new PreviewRequest { Event = Events.SignUp("26.2.0.1") }));

        Assert.Equal((StatusCode.ResourceExhausted, "preview"), (error.StatusCode, error.Info().Metadata["quota"]));
        await other.ScoreAsync(new ScoreRequest { Event = Events.SignUp("26.2.0.1") });
    }

    [Fact]
    public async Task Report_BeyondTheQuota_IsRefusedAsJsonToo()
    {
        var client = server.Json(server.Mounted.Client(CallerServerFixture.Uri("report-limited")));
        var report = new { @event = new { kind = "EVENT_KIND_SIGN_UP", address = "26.3.0.1" }, label = "OUTCOME_LABEL_SPAM" };

        using var first = await client.PostAsync(new Uri("/v1/events:report", UriKind.Relative), JsonContent.Create(report)).DefaultTimeout();
        using var second = await client.PostAsync(new Uri("/v1/events:report", UriKind.Relative), JsonContent.Create(report)).DefaultTimeout();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        using var body = JsonDocument.Parse(await second.Content.ReadAsStringAsync());
        Assert.Equal(
            ["type.googleapis.com/google.rpc.ErrorInfo", "type.googleapis.com/google.rpc.QuotaFailure", "type.googleapis.com/google.rpc.RetryInfo"],
            body.RootElement.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("@type").GetString()));
    }

    [Fact]
    public async Task Subject_BeyondTheQuota_IsRefusedWhateverWasAskedBefore()
    {
        var subjects = new SubjectService.SubjectServiceClient(server.As("subject-limited"));
        var inspection = new InspectRequest { Address = "26.4.0.1", Attestation = "card" };

        await subjects.InspectAsync(inspection).ResponseAsync.DefaultTimeout();
        await subjects.EraseAsync(new EraseRequest { Address = "26.4.0.1", Attestation = "card" }).ResponseAsync.DefaultTimeout();
        var bad = await RefusedAsync(subjects.InspectAsync(new InspectRequest()));
        var inspected = await RefusedAsync(subjects.InspectAsync(inspection));
        var erased = await RefusedAsync(subjects.EraseAsync(new EraseRequest()));

        Assert.Equal(StatusCode.InvalidArgument, bad.StatusCode);
        foreach (var error in (RpcException[])[inspected, erased])
        {
            Assert.Equal((StatusCode.ResourceExhausted, "The caller's quota subject is used up: 0.01 a second, at most 3 at once."), (error.StatusCode, error.Status.Detail));
            Assert.Equal(("QUOTA_EXCEEDED", "subject"), (error.Info().Reason, error.Info().Metadata["quota"]));
            Assert.InRange(error.Detail<RetryInfo>().RetryDelay.Seconds, 1, 100);
        }
    }

    private static ScoreBatchRequest Batch(int events)
    {
        var batch = new ScoreBatchRequest();
        batch.Requests.Add(Enumerable.Range(1, events).Select(i => new ScoreRequest { Event = Events.SignUp($"26.1.1.{i}") }));
        return batch;
    }

    private static Task<RpcException> RefusedAsync<T>(AsyncUnaryCall<T> call) => Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.DefaultTimeout());

    private static void AssertPurpose(RpcException error, string field)
    {
        Assert.Equal(
            (StatusCode.PermissionDenied, $"The caller may not ask for events of this kind: {field}. Its purposes: sign_up."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(("PURPOSE_NOT_ALLOWED", "sign_up"), (error.Info().Reason, error.Info().Metadata["purposes"]));
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal((field, "PURPOSE_NOT_ALLOWED", "Ask for events of the kinds sign_up only."), (violation.Field, violation.Reason, violation.Description));
    }
}
