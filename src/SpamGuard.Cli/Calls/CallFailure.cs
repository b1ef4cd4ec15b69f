using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;

namespace SpamGuard.Cli.Calls;

/// <summary>What a failed call says, in one line, and what the program exits with.</summary>
internal static class CallFailure
{
    private const string TokenExpired = "DECISION_TOKEN_EXPIRED";
    private const string LedgerUnwritable = "LEDGER_UNWRITABLE";

    /// <summary>Says why a call failed.</summary>
    public static void Tell(RpcException failure, Uri server, Terminal terminal)
    {
        var (status, code, text) = (failure.GetRpcStatus(), CallText.Of(failure.StatusCode), Describe(failure, server));
        terminal.Fail(text, new JsonObject
        {
            ["code"] = code,
            ["reason"] = status?.GetDetail<ErrorInfo>()?.Reason,
            ["message"] = text[(code.Length + 2)..],
            ["field"] = status?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field,
        });
    }

    /// <summary>Status, reason, and what to do: each bad field with its fix where the server names them.</summary>
    public static string Describe(RpcException failure, Uri server)
    {
        var status = failure.GetRpcStatus();
        var code = CallText.Of(failure.StatusCode);
        if (status?.GetDetail<BadRequest>() is { FieldViolations.Count: > 0 } bad)
        {
            return OneLine($"{code}: {string.Join("; ", bad.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}"))}");
        }

        if (status?.GetDetail<ErrorInfo>() is { } info)
        {
            return OneLine($"{code}: {info.Reason}: {status.Message}");
        }

        if (failure.StatusCode == StatusCode.Unimplemented)
        {
            return $"{code}: {server.GetLeftPart(UriPartial.Authority)}: this server serves no such call. Is it the desk? Only a process with Desk:Enabled has the privileged ones, and outside of development it has no others.";
        }

        if (IsHttp11(failure.Status.DebugException))
        {
            return $"{code}: {server.GetLeftPart(UriPartial.Authority)}: speaks HTTP/1.1 only, so it is not the gRPC port, which is 5080 unless configured otherwise (--server).";
        }

        if (TlsFault(failure.Status.DebugException) is { } tls)
        {
            return OneLine($"{code}: {server.GetLeftPart(UriPartial.Authority)}: no TLS connection, see --ca, --cert and --key: {tls.Message}");
        }

        if (failure is { StatusCode: StatusCode.DeadlineExceeded, Status.Detail: "" })
        {
            return $"{code}: {server.GetLeftPart(UriPartial.Authority)}: no answer in the time that was given for it.";
        }

        var cause = failure.Status.DebugException is { } exception ? $" {exception.Message}" : string.Empty;
        return OneLine($"{code}: {server.GetLeftPart(UriPartial.Authority)}: {failure.Status.Detail}{cause}");
    }

    /// <summary>Which field of one event of a batch can't be taken, without its place in the batch, and what to do.</summary>
    public static (string Field, string Text) Fault(Google.Rpc.Status? status) =>
        status?.GetDetail<BadRequest>()?.FieldViolations is [var violation, ..] ? (violation.Field[(violation.Field.IndexOf("].", StringComparison.Ordinal) + 2)..], OneLine(violation.Description))
        : status?.GetDetail<ErrorInfo>() is { } info ? (info.Reason, OneLine(status.Message))
        : ("event", OneLine(status?.Message ?? "not answered"));

    /// <summary>
    /// Whether what failed may have been done all the same, or stand in the ledger as if it may have been: the answer is lost, the server does not know either, or
    /// the entry was written and could not be synced.
    /// </summary>
    public static bool MayBeDone(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown => true,
        StatusCode.Unavailable => Reason(failure) is { } reason
            ? string.Equals(reason, LedgerUnwritable, StringComparison.Ordinal)
            : failure.Status.DebugException is not (SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError }),
        _ => false,
    };

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public static int ExitCode(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.InvalidArgument => ExitCodes.Usage,
        StatusCode.NotFound => ExitCodes.NotFound,
        StatusCode.FailedPrecondition when IsExpired(failure) => ExitCodes.NotFound,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted => ExitCodes.Unavailable,
        _ => ExitCodes.Failure,
    };

    // HTTP_1_1_REQUIRED, RFC 9113 section 7.
    private static bool IsHttp11(Exception? exception) =>
        exception is HttpProtocolException { ErrorCode: 0xd } || (exception is not null && IsHttp11(exception.InnerException));

    private static AuthenticationException? TlsFault(Exception? exception) =>
        exception as AuthenticationException ?? (exception is null ? null : TlsFault(exception.InnerException));

    private static bool IsExpired(RpcException failure) =>
        string.Equals(Reason(failure), TokenExpired, StringComparison.Ordinal);

    private static string? Reason(RpcException failure) => failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
