using Google.Protobuf;
using Grpc.Core;

namespace SpamGuard.Client;

/// <summary>The <c>google.rpc</c> details of an error.</summary>
internal static class RpcDetails
{
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>The first of a kind; <c>null</c> where there is none, or nobody can read it.</summary>
    public static T? Of<T>(RpcException failure)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return failure.Trailers.GetValueBytes(Trailer) is { } bytes && Google.Rpc.Status.Parser.ParseFrom(bytes).Details.FirstOrDefault(static one => one.Is(new T().Descriptor)) is { } detail
                ? detail.Unpack<T>()
                : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // a proxy's own
        }
    }
}
