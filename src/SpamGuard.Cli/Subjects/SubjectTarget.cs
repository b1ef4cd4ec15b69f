using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Cli.Subjects;

/// <summary>An address and the proof that goes with it; its text is in no message.</summary>
/// <param name="address">The address.</param>
/// <param name="decisionToken">The token, or nothing.</param>
/// <param name="attestation">How the person was identified, or nothing.</param>
internal sealed class SubjectTarget(string address, string decisionToken, string attestation)
{
    /// <summary>Asks what is held.</summary>
    public AsyncUnaryCall<InspectResponse> Inspect(CallInvoker invoker, CallOptions options)
    {
        var request = decisionToken.Length > 0
            ? new InspectRequest { Address = address, DecisionToken = decisionToken }
            : new InspectRequest { Address = address, Attestation = attestation };
        return new SubjectService.SubjectServiceClient(invoker).InspectAsync(request, options);
    }

    /// <summary>Asks for it to be erased.</summary>
    public AsyncUnaryCall<EraseResponse> Erase(CallInvoker invoker, CallOptions options)
    {
        var request = decisionToken.Length > 0
            ? new EraseRequest { Address = address, DecisionToken = decisionToken }
            : new EraseRequest { Address = address, Attestation = attestation };
        return new SubjectService.SubjectServiceClient(invoker).EraseAsync(request, options);
    }
}
