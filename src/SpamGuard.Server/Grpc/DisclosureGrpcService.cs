using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Server.Callers;
using SpamGuard.Storage;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>DisclosureService: map in, pass the gate, map out. Served by the desk.</summary>
internal sealed class DisclosureGrpcService(DisclosureGate gate, DisclosureBook book, TimeProvider time) : DisclosureService.DisclosureServiceBase
{
    /// <inheritdoc/>
    public override async Task<DisclosureServiceOpenResponse> Open(DisclosureServiceOpenRequest request, ServerCallContext context)
    {
        var reader = new DisclosureReader();
        var reference = reader.Name("order_reference", request.OrderReference);
        var authority = reader.Name("authority", request.Authority);
        var facts = reader.Facts(request, time.GetUtcNow());
        var addresses = reader.Addresses(request.Addresses);
        reader.ThrowIfBad();
        return await PassAsync(async () =>
        {
            var (disclosure, key) = await gate.OpenAsync(facts, reference, authority, addresses, context.Actor());
            return new DisclosureServiceOpenResponse { Disclosure = Written(disclosure), OrderKey = key };
        });
    }

    /// <inheritdoc/>
    public override async Task<DisclosureServiceDecideResponse> Decide(DisclosureServiceDecideRequest request, ServerCallContext context)
    {
        var reader = new DisclosureReader();
        var id = reader.Id(request.DisclosureId);
        var reason = reader.Reason(request.Reason, request.OrderReference, request.OrderKey);
        if (!reader.IsApproval(request.Decision))
        {
            using var seen = reader.KeyOfReason(reason, request.OrderReference, request.OrderKey);
            reader.ThrowIfBad();
            return await PassAsync(async () => new DisclosureServiceDecideResponse
            {
                Disclosure = Written(await (seen is null ? gate.RejectAsync(id, context.Actor()) : gate.RejectAsync(id, seen, request.OrderReference, reason, context.Actor()))),
            });
        }

        using var key = reader.Key(request.OrderKey);
        var reference = reader.Name("order_reference", request.OrderReference);
        var addresses = reader.Addresses(request.Addresses);
        reader.ThrowIfBad();
        return await PassAsync(async () => new DisclosureServiceDecideResponse
        {
            Disclosure = Written(await gate.ApproveAsync(id, key!, reference, addresses, reason, context.Actor())),
        });
    }

    /// <inheritdoc/>
    public override async Task<DisclosureServiceExecuteResponse> Execute(DisclosureServiceExecuteRequest request, ServerCallContext context)
    {
        var reader = new DisclosureReader();
        var id = reader.Id(request.DisclosureId);
        using var key = reader.Key(request.OrderKey);
        var addresses = reader.Addresses(request.Addresses);
        reader.ThrowIfBad();
        return await PassAsync(async () =>
        {
            var (disclosure, held) = await gate.ExecuteAsync(id, key!, addresses, context.Actor());
            return new DisclosureServiceExecuteResponse
            {
                Disclosure = Written(disclosure),
                Results = { DisclosureMapper.Results(held, addresses) },
                ReadTime = new Timestamp { Seconds = held[0].Time },
            };
        });
    }

    /// <inheritdoc/>
    public override Task<DisclosureServiceGetResponse> Get(DisclosureServiceGetRequest request, ServerCallContext context)
    {
        var reader = new DisclosureReader();
        var id = reader.Id(request.DisclosureId);
        reader.ThrowIfBad();
        return PassAsync(() => Task.FromResult(new DisclosureServiceGetResponse { Disclosure = Written(gate.Known(id)) }));
    }

    /// <inheritdoc/>
    public override Task<DisclosureServiceListResponse> List(DisclosureServiceListRequest request, ServerCallContext context)
    {
        var reader = new DisclosureReader();
        var state = reader.State(request.State);
        var size = reader.PageSize(request.PageSize);
        var below = reader.PageToken(request.PageToken, state);
        reader.ThrowIfBad();
        var (page, next) = DisclosurePage.Of(book.Latest(), state, below, size, time.GetUtcNow());
        return Task.FromResult(new DisclosureServiceListResponse { Disclosures = { page.Select(Written) }, NextPageToken = next });
    }

    private static async Task<T> PassAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (DisclosureRefusedException refused)
        {
            throw DisclosureErrors.Of(refused);
        }
        catch (StoreException)
        {
            throw DisclosureErrors.StoreUnavailable();
        }
    }

    private V1.Disclosure Written(Desk.Disclosures.Disclosure disclosure) => DisclosureMapper.Of(disclosure, time.GetUtcNow());
}
