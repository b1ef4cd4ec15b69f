using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Desk.Overrides;
using SpamGuard.Feedback;
using SpamGuard.Retention;
using SpamGuard.Server.Callers;
using SpamGuard.Storage;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>OverrideService: map in, hash, call, map out. Served by the desk.</summary>
internal sealed class OverrideGrpcService(OverrideDesk desk, OverrideSubjects subjects, DecisionTokens decisions, StoreClock clock)
    : OverrideService.OverrideServiceBase
{
    /// <inheritdoc/>
    public override Task<OverrideServiceSetResponse> Set(OverrideServiceSetRequest request, ServerCallContext context) => AnswerAsync(async () =>
    {
        var (verdict, level, address) = OverrideMapper.Read(request);
        var subject = await SubjectAsync(request, level, address, context.CancellationToken);
        var expireTime = OverrideMapper.ExpireTime(request, clock.Now, subject.Latest);
        return OverrideMapper.Set(await desk.SetAsync(subject, verdict, request.Reason, expireTime, context.Actor(), context.CancellationToken), subject);
    });

    /// <inheritdoc/>
    public override Task<OverrideServiceClearResponse> Clear(OverrideServiceClearRequest request, ServerCallContext context) => AnswerAsync(async () =>
        new OverrideServiceClearResponse
        {
            ReplicasAcknowledged = await desk.ClearAsync(OverrideMapper.Id(request.Id), context.Actor(), context.CancellationToken),
        });

    /// <inheritdoc/>
    public override Task<OverrideServiceListResponse> List(OverrideServiceListRequest request, ServerCallContext context) => AnswerAsync(async () =>
        new OverrideServiceListResponse
        {
            Overrides = { (await desk.ListAsync(context.CancellationToken)).Select(OverrideMapper.Of) },
            ReadTime = new Timestamp { Seconds = clock.Now },
        });

    private static async Task<T> AnswerAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OverrideException e)
        {
            throw Errors.Of(e.Failure);
        }
        catch (StoreException)
        {
            throw Errors.OverridesUnavailable();
        }
    }

    // The token of a preview is as good: an operator may say the same of any address that it knows, and here it need not know it.
    private async ValueTask<OverrideSubject> SubjectAsync(
        OverrideServiceSetRequest request, SubjectKind level, ClientAddress address, CancellationToken cancellationToken)
    {
        if (request.TargetCase != OverrideServiceSetRequest.TargetOneofCase.DecisionToken)
        {
            var naming = level == SubjectKind.Address ? Desk.Overrides.OverrideNaming.Address : Desk.Overrides.OverrideNaming.Network;
            return await subjects.OfAsync(level, address, naming, cancellationToken);
        }

        var state = decisions.Open(request.DecisionToken, out var decision);
        if (decision is null)
        {
            throw Errors.Of(state).ToRpcException();
        }

        return await subjects.OfAsync(decision.AddressEpoch, decision.Footprint.Subjects[0], decision.Footprint.Wide, cancellationToken)
            ?? throw Errors.Of(TokenState.Expired).ToRpcException();
    }
}
