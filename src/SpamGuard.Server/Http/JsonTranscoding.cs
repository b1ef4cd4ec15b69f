using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace SpamGuard.Server.Http;

/// <summary>The methods as JSON. Errors are <c>google.rpc.Status</c> there too.</summary>
internal static class JsonTranscoding
{
    /// <summary>The types of details: an Any can be written as JSON only by whoever knows the type inside.</summary>
    public static readonly TypeRegistry Details =
        TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor, QuotaFailure.Descriptor);

    /// <summary>Sets what the details of errors need.</summary>
    public static void Configure(GrpcJsonTranscodingOptions options) => options.TypeRegistry = Details;
}
