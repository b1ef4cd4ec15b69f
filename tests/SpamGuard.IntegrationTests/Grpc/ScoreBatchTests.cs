using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>Many events in one call: each is answered as by Score, in order, whatever the others are.</summary>
public abstract class ScoreBatchTests(ServerFixture server)
{
    private const int Largest = 256;

    [Fact]
    public async Task ScoreBatch_OfTheLargestSize_AnswersEveryEventInOrderAndCountsEach()
    {
        var batch = Batch(Enumerable.Range(0, Largest).Select(i => Request(i % 2 == 0 ? Events.SignUp($"61.{i}.0.1") : Events.Message($"61.{i}.0.1"))));
        foreach (var request in batch.Requests)
        {
            request.Event.Account = new string('a', 256); // the largest request there is
            request.Event.Content = new string('c', 256);
        }

        var (signUps, messages) = (await CountedAsync("sign_up"), await CountedAsync("message"));
        var results = await ScoreAsync(batch);

        Assert.Equal(Largest, results.Count);
        Assert.All(results, result => Assert.Equal((Verdict.Allow, Quality.Full), (result.Assessment.Verdict, result.Assessment.Quality)));
        for (var i = 0; i < Largest; i++)
        {
            var explanation = await server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = results[i].Assessment.DecisionToken });
            Assert.Equal(batch.Requests[i].Event.Kind, explanation.Kind);
        }

        Assert.Equal((signUps + (Largest / 2), messages + (Largest / 2)), (await CountedAsync("sign_up"), await CountedAsync("message")));

        var again = await ScoreAsync(batch);

        Assert.Equal(results.Select(Comparable), again.Select(Comparable));
        Assert.All(again, result => Assert.True(result.Assessment.Replayed));
        Assert.Equal((signUps + (Largest / 2), messages + (Largest / 2)), (await CountedAsync("sign_up"), await CountedAsync("message")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Largest + 1)]
    public async Task ScoreBatch_OfNoneOrTooMany_IsRefusedAsAWholeAndCountsNothing(int size)
    {
        var before = await CountedAsync("sign_up");

        var error = await Assert.ThrowsAsync<RpcException>(() => ScoreAsync(Batch(Enumerable.Repeat(Request(Events.SignUp("62.0.0.1")), size))));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("INVALID_REQUEST", error.Info().Reason);
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal(("requests", "BATCH_SIZE", "Send 1 to 256 requests in one batch."), (violation.Field, violation.Reason, violation.Description));
        Assert.Equal(before, await CountedAsync("sign_up"));
    }

    [Fact]
    public async Task ScoreBatch_EightSignUpsOfOneAddress_AreChallengedThenThrottledThenDenied()
    {
        var results = await ScoreAsync(Batch(Enumerable.Range(0, 8).Select(_ => Request(Events.SignUp("63.0.0.1")))));

        Assert.Equal(
            [
                Verdict.Allow, Verdict.Challenge, Verdict.Challenge, Verdict.Throttle, Verdict.Throttle, Verdict.Throttle, Verdict.Deny, Verdict.Deny,
            ],
            results.Select(result => result.Assessment.Verdict));
    }

    [Fact]
    public async Task ScoreBatch_BadRequestsAmongGoodOnes_SpoilOnlyThemselvesAndNameTheirPlace()
    {
        var reused = Request(Events.SignUp("64.0.0.1"));
        var batch = Batch(
        [
            reused,
            Request(Events.SignUp("64.0.0.1:443")),
            new ScoreRequest(),
            new ScoreRequest { Event = Events.Message("224.0.0.1"), RequestId = "nothing" },
            new ScoreRequest { Event = Events.Message("64.0.0.1"), RequestId = reused.RequestId },
            Request(Events.Message("64.0.0.2")),
        ]);

        var results = await ScoreAsync(batch);

        Assert.Equal(Verdict.Allow, results[0].Assessment.Verdict);
        Assert.Equal(Verdict.Allow, results[5].Assessment.Verdict);
        Assert.Equal(["requests[1].event.address"], Fields(results[1]));
        Assert.Equal(["requests[2].event"], Fields(results[2]));
        Assert.Equal(["requests[3].event.address", "requests[3].request_id"], Fields(results[3]));
        Assert.Equal(["requests[4].request_id"], Fields(results[4]));
        Assert.Equal("requests[3].event.address, requests[3].request_id", results[3].Status.GetDetail<ErrorInfo>()!.Metadata["fields"]);
        Assert.Equal("REQUEST_ID_REUSED", results[4].Status.GetDetail<ErrorInfo>()!.Reason);

        // But for the place it is what Score answers.
        var alone = await Assert.ThrowsAsync<RpcException>(() => server.Scoring.ScoreAsync(batch.Requests[1]).ResponseAsync.DefaultTimeout());
        Assert.Equal(Details(alone.GetRpcStatus()!), Details(results[1].Status).Replace("requests[1].", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScoreBatch_WithOneRequestIdTwice_CountsOnce()
    {
        var request = Request(Events.SignUp("65.0.0.1"));
        var results = await ScoreAsync(Batch([request, request]));
        var next = await ScoreAsync(Batch([Request(Events.SignUp("65.0.0.1"))]));

        Assert.Equal([false, true], results.Select(result => result.Assessment.Replayed));
        Assert.Equal(Comparable(results[0]), Comparable(results[1]));
        Assert.Equal(Verdict.Challenge, Assert.Single(next).Assessment.Verdict); // the second, not the third
    }

    [Fact]
    public async Task ScoreBatch_DeadlineThatHasPassed_IsNotBegun()
    {
        var before = await CountedAsync("sign_up");
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => server.Scoring.ScoreBatchAsync(Batch([Request(Events.SignUp("66.0.0.1"))]), deadline: deadline).ResponseAsync.DefaultTimeout());

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(before, await CountedAsync("sign_up"));
    }

    private static ScoreRequest Request(Event spamEvent) => new() { Event = spamEvent, RequestId = Events.NewRequestId() };

    private static ScoreBatchRequest Batch(IEnumerable<ScoreRequest> requests) => new() { Requests = { requests } };

    private static string Details(Google.Rpc.Status status) => $"{status.GetDetail<ErrorInfo>()} {status.GetDetail<BadRequest>()}";

    private static IEnumerable<string> Fields(ScoreBatchResult result)
    {
        Assert.Equal((int)Code.InvalidArgument, result.Status.Code);
        return result.Status.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field);
    }

    private static Assessment Comparable(ScoreBatchResult result)
    {
        var copy = result.Assessment.Clone();
        copy.DecisionToken = string.Empty;
        copy.Replayed = false;
        return copy;
    }

    private async Task<IReadOnlyList<ScoreBatchResult>> ScoreAsync(ScoreBatchRequest batch) =>
        (await server.Scoring.ScoreBatchAsync(batch).ResponseAsync.DefaultTimeout()).Results;

    private async Task<long> CountedAsync(string kind) => (await server.MetricsAsync()).Split('\n')
        .Where(line => line.StartsWith($"spamguard_assessments_total{{event_kind=\"{kind}\"", StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedScoreBatchTests(ServerFixture server) : ScoreBatchTests(server), IClassFixture<ServerFixture>;

/// <summary>On Redis.</summary>
public sealed class RedisScoreBatchTests(RedisServerFixture server) : ScoreBatchTests(server), IClassFixture<RedisServerFixture>;
