using Google.Rpc;
using Grpc.Core;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>Reads what an error carries.</summary>
internal static class RpcErrors
{
    public static ErrorInfo Info(this RpcException exception) => Detail<ErrorInfo>(exception);

    public static BadRequest BadRequest(this RpcException exception) => Detail<BadRequest>(exception);

    public static T Detail<T>(this RpcException exception)
        where T : class, Google.Protobuf.IMessage<T>, new() =>
        exception.GetRpcStatus()?.GetDetail<T>() ?? throw new InvalidOperationException($"{exception.StatusCode} carries no {typeof(T).Name}.");
}
