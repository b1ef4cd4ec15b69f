using Google.Protobuf.WellKnownTypes;
using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Desk.Ledger;
using SpamGuard.V1;
using Disclosure = SpamGuard.Desk.Disclosures.Disclosure;

namespace SpamGuard.Server.Grpc;

/// <summary>Writes orders and what is held on those that they name. Neither has room for an address, a reference or a commitment.</summary>
internal static class DisclosureMapper
{
    /// <summary>Writes an order as it is at a time.</summary>
    public static V1.Disclosure Of(Disclosure disclosure, DateTimeOffset now)
    {
        var facts = disclosure.Facts;
        var written = new V1.Disclosure
        {
            DisclosureId = disclosure.Id,
            State = Named<DisclosureState>(disclosure.StateAt(now)),
            Country = facts.Country,
            AuthorityType = Named<AuthorityType>(facts.AuthorityType),
            LegalProcess = Named<LegalProcess>(facts.LegalProcess),
            Category = Named<DisclosureCategory>(facts.Category),
            Named = disclosure.Subjects,
            ValidUntil = Timestamp.FromDateTimeOffset(facts.ValidUntil),
            OpenTime = Timestamp.FromDateTimeOffset(disclosure.OpenTime),
            OpenedBy = Of(disclosure.OpenedBy),
        };
        if (facts.WithholdUntil is { } withheld)
        {
            written.WithholdUntil = Timestamp.FromDateTimeOffset(withheld);
        }

        if (disclosure.Decision is { } decision)
        {
            (written.DecideTime, written.DecidedBy, written.DecideReason) = (Timestamp.FromDateTimeOffset(decision.Time), Of(decision.By), decision.Reason);
        }

        if (disclosure.Execution is { } execution)
        {
            (written.ExecuteTime, written.ExecutedBy) = (Timestamp.FromDateTimeOffset(execution.Time), Of(execution.By));
            (written.Held, written.Disclosed) = (execution.Held is { } held ? Named<DisclosureHeld>(held) : DisclosureHeld.Unspecified, execution.Disclosed);
        }

        return written;
    }

    /// <summary>Writes what is held on each of the addresses, by their places.</summary>
    public static IEnumerable<DisclosureResult> Results(IReadOnlyList<HeldSubject> held, IReadOnlyList<ClientAddress> addresses) =>
        held.Zip(addresses, SubjectMapper.Held).Select(static (one, place) => new DisclosureResult { Index = place, SignificantBits = one.SignificantBits, Epochs = { one.Epochs } });

    private static DisclosureParty Of(LedgerActor actor) => new() { Caller = actor.Caller, Identity = actor.Identity };

    // By name, which both have alike.
    private static TWire Named<TWire>(System.Enum own)
        where TWire : struct, System.Enum => System.Enum.Parse<TWire>(own.ToString());
}
