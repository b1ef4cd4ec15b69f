using Grpc.Core;
using SpamGuard.Feedback;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>ScoringService: map in, call, map out.</summary>
internal sealed class ScoringGrpcService(SpamScorer scorer, SpamPreviewer previewer, DecisionTokens tokens) : ScoringService.ScoringServiceBase
{
    /// <inheritdoc/>
    public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        var mapper = new RequestMapper();
        var spamEvent = mapper.Event(request.Event);
        var requestId = mapper.RequestId(request.RequestId);
        mapper.ThrowIfBad();
        var outcome = await scorer.ScoreAsync(spamEvent, context.Caller().Name, requestId, context.CancellationToken);
        return new ScoreResponse { Assessment = ResponseMapper.Assessment(outcome) };
    }

    /// <inheritdoc/>
    public override async Task<ScoreBatchResponse> ScoreBatch(ScoreBatchRequest request, ServerCallContext context)
    {
        var batch = new RequestMapper();
        batch.BatchSize(request.Requests.Count);
        batch.ThrowIfBad();

        var results = new ScoreBatchResult[request.Requests.Count];
        var (events, places) = (new List<(SpamEvent, Guid?)>(results.Length), new List<int>(results.Length));
        for (var i = 0; i < results.Length; i++)
        {
            var mapper = new RequestMapper(i);
            var item = (mapper.Event(request.Requests[i].Event), mapper.RequestId(request.Requests[i].RequestId));
            if (mapper.Fault is { } fault)
            {
                results[i] = new ScoreBatchResult { Status = fault };
            }
            else
            {
                events.Add(item);
                places.Add(i);
            }
        }

        var outcomes = await scorer.ScoreBatchAsync(events, context.Caller().Name, context.CancellationToken);
        for (var i = 0; i < outcomes.Length; i++)
        {
            results[places[i]] = ResponseMapper.BatchResult(outcomes[i], places[i]);
        }

        return new ScoreBatchResponse { Results = { results } };
    }

    /// <inheritdoc/>
    public override async Task<PreviewResponse> Preview(PreviewRequest request, ServerCallContext context)
    {
        var mapper = new RequestMapper();
        ScoreOutcome outcome;
        if (request.TargetCase == PreviewRequest.TargetOneofCase.DecisionToken)
        {
            var token = mapper.DecisionToken(request.DecisionToken);
            mapper.ThrowIfBad();
            outcome = await previewer.PreviewAsync(token, context.Caller().Name, context.CancellationToken);
        }
        else
        {
            var spamEvent = mapper.Target(request.Event);
            mapper.ThrowIfBad();
            outcome = await previewer.PreviewAsync(spamEvent, context.Caller().Name, context.CancellationToken);
        }

        return new PreviewResponse { Assessment = ResponseMapper.Assessment(outcome) };
    }

    /// <inheritdoc/>
    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var mapper = new RequestMapper();
        var token = mapper.DecisionToken(request.DecisionToken);
        mapper.ThrowIfBad();
        var state = tokens.Open(token, out var decision);
        return decision is null ? throw Errors.Of(state).ToRpcException() : Task.FromResult(ResponseMapper.Explanation(decision));
    }
}
