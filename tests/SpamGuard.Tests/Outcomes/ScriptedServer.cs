using System.Collections.Concurrent;
using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Tests.Outcomes;

/// <summary>Answers reports as a test says, without a wire.</summary>
/// <param name="answer">Answers the n-th call, from 1, or fails.</param>
internal sealed class ScriptedServer(Func<int, ReportOutcomeRequest, ReportResult> answer) : CallInvoker
{
    private int _calls;

    public ConcurrentQueue<ReportOutcomeRequest> Requests { get; } = [];

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var report = (ReportOutcomeRequest)(object)request;
        Requests.Enqueue(report);
        return new AsyncUnaryCall<TResponse>(
            AnswerAsync<TResponse>(report), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], static () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private Task<TResponse> AnswerAsync<TResponse>(ReportOutcomeRequest report)
    {
        try
        {
            return Task.FromResult((TResponse)(object)new ReportOutcomeResponse { Result = answer(Interlocked.Increment(ref _calls), report) });
        }
        catch (RpcException e)
        {
            return Task.FromException<TResponse>(e);
        }
    }
}
