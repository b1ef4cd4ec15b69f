using Grpc.Core;
using Grpc.Core.Interceptors;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Http;
using SpamGuard.Server.Tracing;
using SpamGuard.Storage;

namespace SpamGuard.Server.Grpc;

/// <summary>Stands around every call: what is over is not begun, what fails unexpectedly leaks nothing, and all of it is counted and, where somebody listens, traced.</summary>
/// <remarks>One interceptor and not three: each costs every call a state machine.</remarks>
internal sealed class CallInterceptor(GrpcServerMetrics metrics, TimeProvider time, ILogger<CallInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        CallAsync(context, static call => call.continuation(call.request, call.context), (continuation, request, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        CallAsync(
            context,
            static async call =>
            {
                await call.continuation(call.request, call.responseStream, call.context);
                return true;
            },
            (continuation, request, responseStream, context));

    // Where nobody listens a call pays nothing for traces: no state machine more, and none that is larger.
    private Task<TResult> CallAsync<TCall, TResult>(ServerCallContext context, Func<TCall, Task<TResult>> method, TCall call) =>
        CallTrace.IsOn ? TraceAsync(context, method, call) : RunAsync(context, method, call);

    private async Task<TResult> TraceAsync<TCall, TResult>(ServerCallContext context, Func<TCall, Task<TResult>> method, TCall call)
    {
        using var span = CallTrace.Begin(context);
        try
        {
            var result = await RunAsync(context, method, call);
            span.Ended(context.Status.StatusCode);
            return result;
        }
        catch (RpcException exception)
        {
            span.Ended(exception.StatusCode);
            throw;
        }
    }

    private async Task<TResult> RunAsync<TCall, TResult>(ServerCallContext context, Func<TCall, Task<TResult>> method, TCall call)
    {
        JsonErrors.Began(context.GetHttpContext());
        var began = time.GetTimestamp();
        var series = metrics.Started(context.Method);
        var code = StatusCode.Unknown;
        try
        {
            ThrowIfOver(context);
            var result = await method(call);
            code = context.Status.StatusCode;
            return result;
        }
        catch (RpcException exception)
        {
            code = exception.StatusCode;
            throw;
        }
        catch (Exception exception)
        {
            var failure = Failure(exception, context);
            code = failure.StatusCode;
            throw failure;
        }
        finally
        {
            series?.Handled(code, time.GetElapsedTime(began));
        }
    }

    private void ThrowIfOver(ServerCallContext context)
    {
        if (HasPassed(context.Deadline))
        {
            throw Errors.DeadlineExceeded();
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            throw Errors.Cancelled();
        }
    }

    private bool HasPassed(DateTime deadline) => deadline != DateTime.MaxValue && deadline <= time.GetUtcNow().UtcDateTime;

    private RpcException Failure(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case StoreException:
                return Errors.StoreUnavailable();
            case LedgerException ledger:
                return Errors.Of(ledger);

            // A call that is over often fails by something else than a cancellation, such as a stream that was reset.
            case not null when HasPassed(context.Deadline):
                return Errors.DeadlineExceeded();
            case not null when context.CancellationToken.IsCancellationRequested:
                return Errors.Cancelled();
            default:
                // The text of an exception may quote what a caller sent: the log gets its type and where it was thrown.
                ServerLog.CallFailed(logger, context.Method, exception!.GetType().Name, exception.StackTrace);
                return Errors.Internal();
        }
    }
}
