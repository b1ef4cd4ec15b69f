using Grpc.Core;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using SpamGuard.Client.Connections;
using SpamGuard.Client.Resilience;
using SpamGuard.V1;
using ErrorInfo = Google.Rpc.ErrorInfo;
using RetryInfo = Google.Rpc.RetryInfo;

namespace SpamGuard.Client;

/// <inheritdoc/>
internal sealed class SpamGuardClient(
    IOptions<SpamGuardClientOptions> options,
    ChannelKeeper channel,
    CallPipelines pipelines,
    Outage outage,
    ClientMetrics metrics,
    TimeProvider time) : ISpamGuardClient
{
    private const int LargestBatch = 256;
    private const string TokenOfAnotherCaller = "DECISION_TOKEN_OF_ANOTHER_CALLER";

    private readonly SpamGuardClientOptions _options = options.Value;

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> ScoreAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        var request = new ScoreRequest { Event = spamEvent.ToProto(), RequestId = spamEvent.RequestId.ToString() };
        return AssessAsync("score", spamEvent.Kind, call => CallAsync(pipelines.Score, (calls, how) => calls.Scoring.ScoreAsync(request, how), call), static response => response.Assessment, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> PreviewAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        return PreviewAsync(new PreviewRequest { Event = spamEvent.ToProto() }, spamEvent.Kind, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SpamGuardAssessment> PreviewAsync(string decisionToken, EventKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        return PreviewAsync(new PreviewRequest { DecisionToken = decisionToken }, kind, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SpamGuardAssessment>> ScoreManyAsync(IReadOnlyCollection<SpamGuardEvent> spamEvents, CancellationToken cancellationToken = default)
    {
        SpamGuardEvent.ThrowIfAnyIsNull(spamEvents, nameof(spamEvents));
        var assessments = new List<SpamGuardAssessment>(spamEvents.Count);
        foreach (var batch in spamEvents.Chunk(LargestBatch))
        {
            assessments.AddRange(await ScoreBatchAsync(batch, cancellationToken));
        }

        return assessments;
    }

    /// <inheritdoc/>
    public Task<ExplainResponse> ExplainAsync(string decisionToken, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        var request = new ExplainRequest { DecisionToken = decisionToken };
        return AskAsync("explain", pipelines.Once, (calls, how) => calls.Scoring.ExplainAsync(request, how), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReportOutcomeResponse> ReportAsync(string decisionToken, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionToken);
        return ReportAsync(pipelines.Once, new ReportOutcomeRequest { DecisionToken = decisionToken, Label = label, Reporter = SpamGuardEvent.Digest(reporter, nameof(reporter)) }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReportOutcomeResponse> ReportAsync(SpamGuardEvent spamEvent, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spamEvent);
        return ReportAsync(
            pipelines.Report,
            new ReportOutcomeRequest { Event = spamEvent.ToProto(), Label = label, Reporter = SpamGuardEvent.Digest(reporter, nameof(reporter)), RequestId = spamEvent.ReportId(label).ToString() },
            cancellationToken);
    }

    private Task<SpamGuardAssessment> PreviewAsync(PreviewRequest request, EventKind kind, CancellationToken cancellationToken) => AssessAsync(
        "preview",
        kind,
        call => pipelines.Preview.ExecuteAsync(
            static (state, token) => state.Client.SendAsync((calls, how) => calls.Scoring.PreviewAsync(state.Request, how), state.How.By(state.Circuit, token)),
            (Client: this, Circuit: pipelines.PreviewCircuit, Request: request, How: call),
            call.Ended),
        static response => response.Assessment,
        cancellationToken);

    private async Task<IReadOnlyList<SpamGuardAssessment>> ScoreBatchAsync(SpamGuardEvent[] batch, CancellationToken cancellationToken)
    {
        var request = new ScoreBatchRequest();
        request.Requests.AddRange(batch.Select(static one => new ScoreRequest { Event = one.ToProto(), RequestId = one.RequestId.ToString() }));
        var answer = await TryAsync("score_batch", _options.BatchTimeout, call => CallAsync(pipelines.ScoreBatch, (calls, how) => calls.Scoring.ScoreBatchAsync(request, how), call), cancellationToken);
        var assessments = new SpamGuardAssessment[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            assessments[i] = answer.Response is { } response ? Assessment(batch[i].Kind, response.Results[i]) : Fallback(batch[i].Kind, answer.Failure, answer.Cause);
            metrics.Assessed(batch[i].Kind, assessments[i]);
        }

        return assessments;
    }

    // 1 ask within the deadline -> 2 the service's verdict, or -> 3 the one for when there is none -> 4 count it
    private async Task<SpamGuardAssessment> AssessAsync<TResponse>(
        string method, EventKind kind, Func<Call, ValueTask<TResponse>> call, Func<TResponse, Assessment> assessment, CancellationToken cancellationToken)
        where TResponse : class
    {
        var answer = await TryAsync(method, _options.Timeout, call, cancellationToken);
        var assessed = answer.Response is { } response ? OfService(assessment(response)) : Fallback(kind, answer.Failure, answer.Cause);
        metrics.Assessed(kind, assessed);
        return assessed;
    }

    private SpamGuardAssessment Assessment(EventKind kind, ScoreBatchResult result)
    {
        if (result.ResultCase == ScoreBatchResult.ResultOneofCase.Assessment)
        {
            return OfService(result.Assessment);
        }

        var failure = new RpcException(new Status((StatusCode)result.Status.Code, result.Status.Message));
        return Fallback(kind, failure, IsOfTheRequest(failure) ? FallbackCause.NotTaken : CauseOf(failure.StatusCode));
    }

    // Verdicts alone tell that the service is there: whoever may only report is answered all the time.
    private SpamGuardAssessment OfService(Assessment assessment)
    {
        outage.Answered();
        return SpamGuardAssessment.OfService(assessment);
    }

    private SpamGuardAssessment Fallback(EventKind kind, RpcException? failure, FallbackCause cause)
    {
        if (cause == FallbackCause.NotTaken)
        {
            return SpamGuardAssessment.OfFallback(_options.FallbackOf(kind).VerdictAfterGrace, cause, failure); // the service is not away
        }

        if (cause == FallbackCause.OverQuota)
        {
            var refused = SpamGuardAssessment.OfFallback(outage.OverQuota(kind), cause, failure); // nor here
            refused.Answer.RetryAfter = failure is null ? null : RpcDetails.Of<RetryInfo>(failure)?.RetryDelay;
            return refused;
        }

        var (verdict, isGraceOver) = outage.Verdict(kind, cause);
        return SpamGuardAssessment.OfFallback(verdict, cause, failure, isGraceOver);
    }

    private async Task<TResponse> AskAsync<TResponse>(
        string method, CallPipeline pipeline, Func<Calls, CallOptions, AsyncUnaryCall<TResponse>> call, CancellationToken cancellationToken)
        where TResponse : class
    {
        var answer = await TryAsync(method, _options.ReportTimeout, how => CallAsync(pipeline, call, how), cancellationToken);
        return answer.Response ?? throw answer.Failure ?? new RpcException(new Status(StatusCode.Unavailable, "The last calls failed: none is made until the circuit breaker tries again."));
    }

    private Task<ReportOutcomeResponse> ReportAsync(CallPipeline pipeline, ReportOutcomeRequest request, CancellationToken cancellationToken) =>
        AskAsync("report", pipeline, (calls, how) => calls.Feedback.ReportOutcomeAsync(request, how), cancellationToken);

    /// <summary>Makes a logical call: one deadline, whatever is tried within it.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    /// <exception cref="RpcException">The service can't take the request.</exception>
    private async Task<Answer<TResponse>> TryAsync<TResponse>(string method, TimeSpan timeout, Func<Call, ValueTask<TResponse>> call, CancellationToken cancellationToken)
        where TResponse : class
    {
        var begun = time.GetTimestamp();
        var outcome = "failed";
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var response = await call(new Call(time.GetUtcNow().UtcDateTime + timeout, late.Token, either.Token));
            outcome = "answered";
            return new(response, FallbackCause.None, null);
        }
        catch (BrokenCircuitException)
        {
            outcome = "circuit_open";
            return new(null, FallbackCause.CircuitOpen, null);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            outcome = ClientMetrics.Name(FallbackCause.Deadline); // between two attempts
            return new(null, FallbackCause.Deadline, Late());
        }
        catch (RpcException e) when (IsOfTheRequest(e))
        {
            outcome = "not_taken";
            throw;
        }
        catch (RpcException e)
        {
            var cause = CauseOf(e.StatusCode);
            outcome = ClientMetrics.Name(cause);
            return new(null, cause, e);
        }
        finally
        {
            metrics.Called(method, outcome, time.GetElapsedTime(begun));
        }
    }

    private ValueTask<TResponse> CallAsync<TResponse>(CallPipeline pipeline, Func<Calls, CallOptions, AsyncUnaryCall<TResponse>> call, Call how)
        where TResponse : class => pipeline.Around.ExecuteAsync(
            static (state, token) => state.Client.SendAsync(state.Call, state.How.By(state.Pipeline, token)), (Client: this, Pipeline: pipeline, Call: call, How: how), how.Ended);

    // gRPC's own timer for a deadline is 14 ms late, so that a server has the first word: a form that waits for 50 ms has the last.
    private async ValueTask<TResponse> SendAsync<TResponse>(Func<Calls, CallOptions, AsyncUnaryCall<TResponse>> call, Call how)
        where TResponse : class
    {
        try
        {
            return await call(channel.Calls, new CallOptions(deadline: how.Deadline, cancellationToken: how.Ended));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && how.Late.IsCancellationRequested)
        {
            throw Late();
        }
    }

    private static RpcException Late() => new(new Status(StatusCode.DeadlineExceeded, "No answer within the timeout."));

    private static bool IsOfTheRequest(RpcException failure) =>
        failure.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.AlreadyExists
        || (failure.StatusCode == StatusCode.PermissionDenied && string.Equals(RpcDetails.Of<ErrorInfo>(failure)?.Reason, TokenOfAnotherCaller, StringComparison.Ordinal));

    private static FallbackCause CauseOf(StatusCode status) => status switch
    {
        StatusCode.DeadlineExceeded => FallbackCause.Deadline,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented => FallbackCause.Refused,
        StatusCode.ResourceExhausted => FallbackCause.OverQuota,
        _ => FallbackCause.Unavailable,
    };

    /// <param name="Deadline">Is told to the server.</param>
    /// <param name="Late">The time is over.</param>
    /// <param name="Ended">It is, or nobody waits any more.</param>
    private readonly record struct Call(DateTime Deadline, CancellationToken Late, CancellationToken Ended)
    {
        /// <summary>As it is sent: until the caller leaves, but to its end where it tries whether the service is back. Callers who leave would let nobody find out.</summary>
        public Call By(CallPipeline pipeline, CancellationToken token) => this with { Ended = pipeline.IsTrial ? Late : token };
    }

    private readonly record struct Answer<TResponse>(TResponse? Response, FallbackCause Cause, RpcException? Failure)
        where TResponse : class;
}
