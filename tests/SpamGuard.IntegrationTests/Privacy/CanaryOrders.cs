using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Orders of authorities on the canaries. In development none gets further than to be opened: the rest of the way is refused, with all that is sent.</summary>
internal static class CanaryOrders
{
    /// <summary>Where each is sent as JSON.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["/v1/disclosures:open", "/v1/disclosures:decide", "/v1/disclosures:execute"];

    /// <summary>The path of a request; <c>null</c> where it is none about an order.</summary>
    public static string? PathOf(IMessage request) => request switch
    {
        DisclosureServiceOpenRequest => Paths[0],
        DisclosureServiceDecideRequest => Paths[1],
        DisclosureServiceExecuteRequest => Paths[2],
        _ => null,
    };

    /// <summary>An order whose reference and authority are secrets too.</summary>
    public static DisclosureServiceOpenRequest Open(string address, DisclosureCategory category = DisclosureCategory.Terrorism) => new()
    {
        OrderReference = Canaries.Account,
        Authority = Canaries.Content,
        AuthorityType = AuthorityType.Court,
        Country = "DE",
        Category = category,
        LegalProcess = LegalProcess.CourtOrder,
        ValidUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(1)),
        Addresses = { address },
    };

    public static DisclosureServiceDecideRequest Decide(DisclosureServiceOpenResponse opened, string address) => new()
    {
        DisclosureId = opened.Disclosure.DisclosureId,
        OrderKey = opened.OrderKey,
        OrderReference = Canaries.Account,
        Decision = DisclosureDecision.Approve,
        Reason = "the order is here",
        Addresses = { address },
    };

    public static DisclosureServiceExecuteRequest Execute(DisclosureServiceOpenResponse opened, string address) => new()
    {
        DisclosureId = opened.Disclosure.DisclosureId, OrderKey = opened.OrderKey, Addresses = { address },
    };

    /// <summary>Everything that can be wrong, with a secret in every field that takes text.</summary>
    public static IEnumerable<IMessage> Bad()
    {
        var open = Open(Canaries.V4);
        open.Addresses.Add([Canaries.V4 + ":443", $"[{Canaries.V6}]", Canaries.V6 + "/64"]);
        yield return open;
        yield return new DisclosureServiceOpenRequest { OrderReference = Canaries.V4, Authority = Canaries.V6, Country = Canaries.V4, Addresses = { Canaries.V6 } };
        yield return new DisclosureServiceDecideRequest
        {
            DisclosureId = Canaries.V4, OrderKey = Canaries.V6, OrderReference = Canaries.Account, Reason = $"{Canaries.Account} at {Canaries.V4}", Addresses = { Canaries.V4 },
        };
        yield return new DisclosureServiceExecuteRequest { DisclosureId = Canaries.V4, OrderKey = Canaries.V6, Addresses = { Canaries.V4Mapped } };
    }
}
