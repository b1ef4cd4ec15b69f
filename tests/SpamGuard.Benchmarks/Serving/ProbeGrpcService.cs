using Grpc.Core;

namespace SpamGuard.Benchmarks.Serving;

/// <summary>The empty method, and the count of allocated bytes.</summary>
internal sealed class ProbeGrpcService : Probe.ProbeBase
{
    public override Task<EmptyResponse> Empty(EmptyRequest request, ServerCallContext context) => Task.FromResult(new EmptyResponse());

    public override Task<AllocatedResponse> Allocated(AllocatedRequest request, ServerCallContext context) =>
        Task.FromResult(new AllocatedResponse { Bytes = GC.GetTotalAllocatedBytes(precise: true) });
}
