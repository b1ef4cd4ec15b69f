using Grpc.Core;
using SpamGuard.Feedback;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>FeedbackService: map in, call, map out.</summary>
internal sealed class FeedbackGrpcService(FeedbackRecorder recorder) : FeedbackService.FeedbackServiceBase
{
    /// <inheritdoc/>
    public override async Task<ReportOutcomeResponse> ReportOutcome(ReportOutcomeRequest request, ServerCallContext context)
    {
        var mapper = new RequestMapper();
        var label = mapper.Label(request.Label);
        var reporter = mapper.Digest("reporter", request.Reporter);
        FeedbackOutcome outcome;
        if (request.TargetCase == ReportOutcomeRequest.TargetOneofCase.DecisionToken)
        {
            var token = mapper.DecisionToken(request.DecisionToken);
            mapper.ThrowIfBad();
            outcome = await recorder.ReportAsync(token, label, reporter, context.CancellationToken);
        }
        else
        {
            var (kind, address, account, content) = mapper.Target(request.Event);
            mapper.ThrowIfBad();
            outcome = await recorder.ReportAsync(kind, address, account, content, label, reporter, context.CancellationToken);
        }

        return ResponseMapper.Report(outcome);
    }
}
