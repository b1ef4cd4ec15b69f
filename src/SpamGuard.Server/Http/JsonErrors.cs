using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using SpamGuard.Server.Grpc;

namespace SpamGuard.Server.Http;

/// <summary>Replaces the errors of the JSON reader by the service's own.</summary>
/// <remarks>
/// A body that can't be read fails before the call begins. The reader then answers with a text that quotes what was sent, which may be an
/// address, and without an ErrorInfo. Answers are held back until they are known to be of the other sort; the largest is a few kilobytes.
/// </remarks>
internal static class JsonErrors
{
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: true, JsonTranscoding.Details));

    /// <summary>Stands before the JSON endpoints.</summary>
    public static void UseJsonErrors(this IApplicationBuilder app) => app.UseWhen(
        static context => context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null,
        static json => json.Use(ReplaceAsync));

    private static async Task ReplaceAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var body = response.Body;
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        var answer = new ReadOnlyMemory<byte>(held.GetBuffer(), 0, (int)held.Length);
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !IsOurs(answer.Span))
        {
            answer = Encoding.UTF8.GetBytes(Formatter.Format(Replacement(response.StatusCode)));
        }

        response.ContentLength = answer.Length;
        await body.WriteAsync(answer, context.RequestAborted);
    }

    // Every error of ours has one.
    private static bool IsOurs(ReadOnlySpan<byte> answer) => answer.IndexOf("google.rpc.ErrorInfo"u8) >= 0;

    private static Google.Rpc.Status Replacement(int statusCode) =>
        statusCode < StatusCodes.Status500InternalServerError ? Errors.UnreadableBody() : Errors.InternalStatus();
}
