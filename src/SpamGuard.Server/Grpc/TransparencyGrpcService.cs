using Grpc.Core;
using SpamGuard.Desk.Transparency;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>TransparencyService: the report of the public page, for programs. Served by the desk.</summary>
internal sealed class TransparencyGrpcService(TransparencyReporter reporter) : TransparencyService.TransparencyServiceBase
{
    /// <inheritdoc/>
    public override Task<GetReportResponse> GetReport(GetReportRequest request, ServerCallContext context) =>
        new PeriodQuery(request.From, request.To, request.All).Read(reporter.Span, out var fault) is { } period
            ? Task.FromResult(TransparencyMapper.Response(reporter.Report(period)))
            : throw Errors.BadRequest([Violations.PeriodUnknown(fault!)]).ToRpcException();
}
