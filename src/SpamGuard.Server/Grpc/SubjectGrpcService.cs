using Google.Protobuf;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Callers;
using SpamGuard.Storage;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>SubjectService: map in, check the proof, call, map out.</summary>
internal sealed class SubjectGrpcService(SubjectInspector inspector, SubjectEraser eraser, SubjectProofs proofs, SubjectMetrics metrics)
    : SubjectService.SubjectServiceBase
{
    /// <inheritdoc/>
    public override async Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context)
    {
        try
        {
            var address = Proved(request.Address, request.AddressBytes, request.DecisionToken, request.Attestation);
            return SubjectMapper.Held(await inspector.InspectAsync(address, ProofOf(request.Attestation), context.Actor()), address);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            metrics.Inspected(InspectionResult.Refused);
            throw;
        }
        catch (StoreException)
        {
            metrics.Inspected(InspectionResult.Unavailable);
            throw Errors.SubjectsUnavailable();
        }
        catch (LedgerException)
        {
            metrics.Inspected(InspectionResult.Unavailable);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<EraseResponse> Erase(EraseRequest request, ServerCallContext context)
    {
        try
        {
            var address = Proved(request.Address, request.AddressBytes, request.DecisionToken, request.Attestation);
            var erasure = await eraser.EraseAsync(address, ProofOf(request.Attestation), context.Actor());
            return erasure.IsConfirmed ? SubjectMapper.Receipt(erasure, address) : throw Errors.ErasureUnconfirmed(erasure);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            metrics.Erased(ErasureResult.Refused);
            throw;
        }
        catch (StoreException)
        {
            metrics.Erased(ErasureResult.Unavailable);
            throw Errors.SubjectsUnavailable();
        }
        catch (LedgerException e) when (e.Failure == LedgerFailure.Unwritable)
        {
            metrics.Erased(ErasureResult.Unavailable);
            throw;
        }
    }

    private static SubjectProof ProofOf(string attestation) => new(attestation.Length == 0 ? null : attestation);

    private ClientAddress Proved(string text, ByteString bytes, string decisionToken, string attestation)
    {
        var mapper = new RequestMapper();
        var address = mapper.Address(path: "", text, bytes);
        mapper.Proof(decisionToken, attestation);
        mapper.ThrowIfBad();
        proofs.Check(decisionToken, address);
        return address;
    }
}
