using System.Globalization;
using Google.Protobuf;

namespace SpamGuard.Server.Grpc;

/// <summary>Answers a gRPC call that no method saw: the status alone, in the headers, as the protocol's "Trailers-Only".</summary>
internal static class GrpcRefusal
{
    /// <summary>Answers with a status.</summary>
    public static Task WriteAsync(HttpResponse response, Google.Rpc.Status status)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = status.Message.Replace("%", "%25", StringComparison.Ordinal); // all our texts are printable ASCII
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
        return Task.CompletedTask;
    }
}
