using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.Promise.World;

/// <summary>Orders of authorities, as two people handle them by gRPC.</summary>
internal sealed class Orders(Traffic traffic)
{
    private const string Reason = "the order was seen";
    private const int MostAttempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Opens an order.</summary>
    /// <param name="by">As whom.</param>
    /// <param name="addresses">What it names.</param>
    /// <param name="category">What it is about.</param>
    /// <param name="validity">How long it is valid; a day by default.</param>
    /// <param name="reference">How the authority calls it.</param>
    /// <param name="authority">Which authority it is.</param>
    /// <param name="secrecy">For how long it must not be spoken about; not at all by default.</param>
    /// <returns>The order, or <c>null</c>; and <see cref="Reply.Served"/>, or why it was refused.</returns>
    public async Task<(Order? Order, string Answer)> OpenAsync(
        string by,
        IReadOnlyList<string> addresses,
        DisclosureCategory category = DisclosureCategory.Terrorism,
        TimeSpan? validity = null,
        string reference = "order 17",
        string authority = "a court",
        TimeSpan? secrecy = null)
    {
        var request = new DisclosureServiceOpenRequest
        {
            OrderReference = reference,
            Authority = authority,
            AuthorityType = AuthorityType.Court,
            LegalProcess = LegalProcess.CourtOrder,
            Category = traffic.Clerk.CallsItTerrorism ? DisclosureCategory.Terrorism : category,
            Country = "DE",
            ValidUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + (validity ?? Day) + traffic.Clerk.MoreTime),
            WithholdUntil = secrecy is null ? null : Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + secrecy.Value),
            Addresses = { addresses },
        };
        var (answer, refused) = await traffic.AskAsync("DisclosureService/Open", () => As(by).OpenAsync(request));
        return (answer is null ? null : new Order(answer.Disclosure.DisclosureId, answer.OrderKey, reference, addresses), Answer(refused));
    }

    /// <summary>Approves an order: <see cref="Reply.Served"/>, or why not.</summary>
    public Task<string> ApproveAsync(string by, Order order, string reason = Reason) => DecideAsync(by, order, DisclosureDecision.Approve, reason);

    /// <summary>Decides an order: <see cref="Reply.Served"/>, or why not.</summary>
    public async Task<string> DecideAsync(string by, Order order, DisclosureDecision decision, string reason = Reason)
    {
        var request = new DisclosureServiceDecideRequest
        {
            DisclosureId = order.Id, OrderKey = order.Key, OrderReference = order.Reference, Addresses = { order.Addresses }, Decision = decision, Reason = reason,
        };
        return Answer((await traffic.AskAsync("DisclosureService/Decide", () => As(by).DecideAsync(request))).Refused);
    }

    /// <summary>Executes an order; again where the store was away, for then nothing was given out.</summary>
    /// <returns>What was given out, or <c>null</c>; and <see cref="Reply.Served"/>, or why nothing was.</returns>
    public async Task<(DisclosureServiceExecuteResponse? Given, string Answer)> ExecuteAsync(string by, Order order)
    {
        var request = new DisclosureServiceExecuteRequest { DisclosureId = order.Id, OrderKey = order.Key, Addresses = { order.Addresses } };
        for (var attempt = 1; ; attempt++)
        {
            var (given, refused) = await traffic.AskAsync("DisclosureService/Execute", () => As(by).ExecuteAsync(request));
            if (refused?.StatusCode != StatusCode.Unavailable || attempt == MostAttempts)
            {
                return (given, Answer(refused));
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Where an order stands.</summary>
    public async Task<DisclosureState> StateAsync(Order order) =>
        (await traffic.AskAsync("DisclosureService/Get", () => As(Callers.Legal).GetAsync(new DisclosureServiceGetRequest { DisclosureId = order.Id }))).Answer?.Disclosure.State ?? default;

    /// <summary>Sends secrets through every method, well and badly.</summary>
    public async Task CanaryAsync(string address)
    {
        await OpenAsync(Callers.Legal, [$"{address}:443"], reference: Canaries.Account, authority: Canaries.Content);
        await OpenAsync(Callers.Legal, [address], DisclosureCategory.Other, reference: Canaries.Account, authority: Canaries.Content);
        var (order, _) = await OpenAsync(Callers.Legal, [address], reference: Canaries.Account, authority: Canaries.Content);
        if (order is not null)
        {
            await ApproveAsync(Callers.Legal, order);
            await ApproveAsync(Callers.Counsel, order, address);
            await ApproveAsync(Callers.Counsel, order, Canaries.Account);
            await ApproveAsync(Callers.Counsel, order);
            await ExecuteAsync(Callers.Legal, order with { Addresses = [address, Canaries.V4, Canaries.V6] });
            await ExecuteAsync(Callers.Legal, order with { Addresses = [address, $"{address}/32"] });
            await ExecuteAsync(Callers.Legal, order);
            await StateAsync(order);
            await traffic.AskAsync("DisclosureService/List", () => As(Callers.Counsel).ListAsync(new DisclosureServiceListRequest()));
        }
    }

    private static string Answer(RpcException? refused) => refused is null ? Reply.Served : Reply.FieldOf(refused);

    private DisclosureService.DisclosureServiceClient As(string caller) => new(traffic.Desk.As(caller));
}

/// <summary>An order, as people have it who handle it.</summary>
/// <param name="Id">Its name at the desk.</param>
/// <param name="Key">Its key.</param>
/// <param name="Reference">How the authority calls it.</param>
/// <param name="Addresses">What it names.</param>
internal sealed record Order(string Id, string Key, string Reference, IReadOnlyList<string> Addresses);
