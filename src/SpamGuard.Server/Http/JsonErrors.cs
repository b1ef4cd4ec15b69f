using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using SpamGuard.Server.Grpc;
using SpamGuard.V1;

namespace SpamGuard.Server.Http;

/// <summary>Replaces the errors of the JSON reader by the service's own.</summary>
/// <remarks>
/// A body that can't be read fails before the call begins. The reader then answers with a text that quotes what was sent, which may be an
/// address, and without an ErrorInfo. Answers are held back until they are known to be of the other sort. All are bounded: a
/// few kilobytes, some tens for a body of <see cref="JsonFaults.Most"/> faults, a few hundred for a batch, and for the policy a few times its file.
/// Whether the call began says which sort it is, and never the text, for a caller may have written that.
/// </remarks>
internal static class JsonErrors
{
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: true, JsonTranscoding.Details));

    /// <summary>Stands before the JSON endpoints.</summary>
    public static void UseJsonErrors(this IApplicationBuilder app) => app.UseWhen(
        static context => Method(context) is not null,
        static json => json.Use(ReplaceAsync));

    /// <summary>A call begins: from here on every error is one of <see cref="Errors"/>. Of a gRPC call it marks nothing.</summary>
    public static void Began(HttpContext context)
    {
        if (context.Features.Get<Call>() is { } call)
        {
            call.Began = true;
        }
    }

    /// <summary>Answers a call that does not begin.</summary>
    public static Task WriteAsync(HttpContext context, Google.Rpc.Status status) => WriteAsync(context, status, status.Code switch
    {
        (int)Code.Unauthenticated => StatusCodes.Status401Unauthorized,
        (int)Code.PermissionDenied => StatusCodes.Status403Forbidden,
        (int)Code.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status500InternalServerError,
    });

    /// <summary>Answers with an error, under a status of HTTP.</summary>
    public static Task WriteAsync(HttpContext context, Google.Rpc.Status status, int code)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Formatter.Format(status), context.RequestAborted);
    }

    /// <summary>Answers a request for which there is nothing: 404, and 405 where there is by another method of HTTP.</summary>
    /// <param name="context">The request.</param>
    /// <param name="methods">By which ones there is.</param>
    public static Task NotServedAsync(HttpContext context, IReadOnlyList<string> methods)
    {
        if (methods.Count > 0)
        {
            context.Response.Headers.Allow = string.Join(", ", methods);
        }

        return WriteAsync(context, Errors.NotServed(methods), methods.Count > 0 ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound);
    }

    private static async Task ReplaceAsync(HttpContext context, RequestDelegate next)
    {
        var call = new Call();
        context.Features.Set(call);
        var most = MaxBody(context);
        if (await BodyAsync(context, most) is not { } sent)
        {
            await WriteAsync(context, Errors.UnreadableBody([JsonFaults.TooLong(most)]), StatusCodes.Status400BadRequest);
            return;
        }

        using var body = new MemoryStream(sent);
        context.Request.Body = body;
        var response = context.Response;
        var answered = response.Body;
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = answered;
        }

        var answer = new ReadOnlyMemory<byte>(held.GetBuffer(), 0, (int)held.Length);
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !call.Began)
        {
            answer = Encoding.UTF8.GetBytes(Formatter.Format(await ReplacementAsync(context)));
        }

        response.ContentLength = answer.Length;
        await answered.WriteAsync(answer, context.RequestAborted);
    }

    // All of it, for only so is it known whether it is too long: then there is none. In memory and never in a file, for it holds an address.
    private static async Task<byte[]?> BodyAsync(HttpContext context, int most)
    {
        if (context.Request.ContentLength > most)
        {
            return null;
        }

        var reader = context.Request.BodyReader;
        try
        {
            var read = await reader.ReadAtLeastAsync(most + 1, context.RequestAborted);
            var body = read.Buffer.Length > most ? null : read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.End);
            return body;
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            return []; // the client has gone, and nobody reads the answer
        }
    }

    private static int MaxBody(HttpContext context) =>
        Method(context)?.InputType == ScoreBatchRequest.Descriptor ? GrpcApi.MaxReceiveBatchSize : GrpcApi.MaxReceiveMessageSize;

    private static MethodDescriptor? Method(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>()?.MethodDescriptor;

    private static async Task<Google.Rpc.Status> ReplacementAsync(HttpContext context)
    {
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            return Errors.InternalStatus();
        }

        var body = context.Request.Body;
        if (Method(context) is not { } method)
        {
            return Errors.UnreadableBody([]);
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            return Errors.UnreadableBody(JsonFaults.Of(context.Request.Query, method.InputType));
        }

        body.Position = 0;
        return Errors.UnreadableBody(await JsonFaults.OfAsync(body, method.InputType, context.RequestAborted));
    }

    private sealed class Call
    {
        public bool Began { get; set; }
    }
}
