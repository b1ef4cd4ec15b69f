using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Promise.World;

/// <summary>Calls that may be refused, and why they were.</summary>
internal static class Reply
{
    /// <summary>What is answered where nothing is refused.</summary>
    public const string Served = "OK";

    /// <summary>Asks for a score.</summary>
    /// <param name="channel">As whom.</param>
    /// <param name="address">The address.</param>
    /// <param name="kind">The kind of event.</param>
    /// <param name="headers">Headers of the call; <c>null</c> for none.</param>
    public static Task<string> OfScoreAsync(GrpcChannel channel, string address, EventKind kind = EventKind.SignUp, Metadata? headers = null)
    {
        var request = new ScoreRequest { Event = new Event { Kind = kind, Address = address } };
        return OfAsync(async () => await new ScoringService.ScoringServiceClient(channel).ScoreAsync(request, headers).ResponseAsync.DefaultTimeout());
    }

    /// <summary><see cref="Served"/>, or the reason of the refusal, such as ROLE_MISSING; its status where it gives none.</summary>
    public static async Task<string> OfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return Served;
        }
        catch (RpcException e)
        {
            return Of(e);
        }
    }

    /// <summary>The reason of a refusal; its status where it gives none.</summary>
    public static string Of(RpcException refused) => refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? refused.StatusCode.ToString();

    /// <summary>The first field that is at fault, and why, as in <c>addresses[0] ADDRESS_NOT_IN_ORDER</c>; the reason of the refusal where it names none.</summary>
    public static string FieldOf(RpcException refused) =>
        refused.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault() is { } fault ? $"{fault.Field} {fault.Reason}" : Of(refused);
}
