using Grpc.Core;
using SpamGuard.Feedback;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Tracing;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>ScoringService: map in, call, map out.</summary>
internal sealed class ScoringGrpcService(SpamScorer scorer, SpamPreviewer previewer, DecisionTokens tokens, CallerChecks checks) : ScoringService.ScoringServiceBase
{
    /// <inheritdoc/>
    public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        checks.ThrowUnlessFor(caller, request.Event);
        var mapper = new RequestMapper();
        var spamEvent = mapper.Event(request.Event);
        var requestId = mapper.RequestId(request.RequestId);
        mapper.ThrowIfBad();
        CallTrace.About(spamEvent.Kind);
        var outcome = await scorer.ScoreAsync(spamEvent, caller.Name, requestId, context.CancellationToken);
        CallTrace.Judged(outcome);
        return new ScoreResponse { Assessment = ResponseMapper.Assessment(outcome) };
    }

    /// <inheritdoc/>
    public override async Task<ScoreBatchResponse> ScoreBatch(ScoreBatchRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var batch = new RequestMapper();
        batch.BatchSize(request.Requests.Count);
        batch.ThrowIfBad();
        checks.Take(caller, request.Requests.Count);
        CallTrace.Batch(request.Requests.Count);

        var results = new ScoreBatchResult[request.Requests.Count];
        var (events, places) = (new List<(SpamEvent, Guid?)>(results.Length), new List<int>(results.Length));
        for (var i = 0; i < results.Length; i++)
        {
            if (checks.Fault(caller, request.Requests[i].Event, RequestMapper.Path(i)) is { } refusal)
            {
                results[i] = new ScoreBatchResult { Status = refusal };
                continue;
            }

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

        var outcomes = await scorer.ScoreBatchAsync(events, caller.Name, context.CancellationToken);
        for (var i = 0; i < outcomes.Length; i++)
        {
            results[places[i]] = ResponseMapper.BatchResult(outcomes[i], places[i]);
        }

        return new ScoreBatchResponse { Results = { results } };
    }

    /// <inheritdoc/>
    public override async Task<PreviewResponse> Preview(PreviewRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var mapper = new RequestMapper();
        ScoreOutcome outcome;
        if (request.TargetCase == PreviewRequest.TargetOneofCase.DecisionToken)
        {
            var token = mapper.DecisionToken(request.DecisionToken);
            mapper.ThrowIfBad();
            if (tokens.Open(token, out var decision) == TokenState.Valid)
            {
                checks.ThrowUnlessFor(caller, decision!.Footprint.Kind);
            }

            outcome = await previewer.PreviewAsync(token, caller.Name, context.CancellationToken);
        }
        else
        {
            checks.ThrowUnlessFor(caller, request.Event);
            var spamEvent = mapper.Target(request.Event);
            mapper.ThrowIfBad();
            CallTrace.About(spamEvent.Kind);
            outcome = await previewer.PreviewAsync(spamEvent, caller.Name, context.CancellationToken);
        }

        CallTrace.Judged(outcome);
        return new PreviewResponse { Assessment = ResponseMapper.Assessment(outcome) };
    }

    /// <inheritdoc/>
    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var mapper = new RequestMapper();
        var token = mapper.DecisionToken(request.DecisionToken);
        mapper.ThrowIfBad();
        var state = tokens.Open(token, out var decision);
        if (decision is null)
        {
            throw Errors.Of(state).ToRpcException();
        }

        if (!caller.HasOneOf(CallerRoles.Operator))
        {
            checks.ThrowUnlessFor(caller, decision.Footprint.Kind);
        }

        return Task.FromResult(ResponseMapper.Explanation(decision));
    }
}
