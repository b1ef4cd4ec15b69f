using Grpc.Core;
using SpamGuard.Feedback;
using SpamGuard.Server.Callers;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>FeedbackService: map in, call, map out.</summary>
internal sealed class FeedbackGrpcService(FeedbackRecorder recorder) : FeedbackService.FeedbackServiceBase
{
    /// <inheritdoc/>
    public override async Task<ReportOutcomeResponse> ReportOutcome(ReportOutcomeRequest request, ServerCallContext context)
    {
        var mapper = new RequestMapper();
        var report = new OutcomeReport(
            mapper.Label(request.Label), context.Caller().Name, mapper.Digest("reporter", request.Reporter), mapper.RequestId(request.RequestId));
        FeedbackOutcome outcome;
        if (request.TargetCase == ReportOutcomeRequest.TargetOneofCase.DecisionToken)
        {
            var token = mapper.DecisionToken(request.DecisionToken);
            mapper.ThrowIfBad();
            outcome = await recorder.ReportAsync(token, report, context.CancellationToken);
        }
        else
        {
            var (kind, address, account, content) = mapper.Target(request.Event);
            mapper.ThrowIfBad();
            outcome = await recorder.ReportAsync(kind, address, account, content, report, context.CancellationToken);
        }

        return ResponseMapper.Report(outcome);
    }
}
