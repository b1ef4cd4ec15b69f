using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Desk.Disclosures.DisclosureFixture;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>What of an order can't be taken: code, field, reason and fix; nothing is done, and nothing of it is entered.</summary>
public sealed class DisclosureBadRequestTests(DisclosureFixture server) : IClassFixture<DisclosureFixture>
{
    private const string Planted = "198.51.100.83";
    private const string Id = "0123456789abcdef";
    private const string Malformed = "Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id.";
    private const string Unusable = "Send the address of the client: no event comes from an unspecified, broadcast or multicast address.";
    private const string IdMalformed = "Send the disclosure_id that Open answered: 16 hexadecimal digits in lower case.";
    private const string KeyMalformed = "Send the order_key that Open answered: 43 characters of base64url.";
    private const string HoldsAddress = "Leave every IP address out of reason, whole or in part of a longer word: it is written down.";
    private const string Unseen = "Write reason in one line, without control and invisible characters.";
    private const string HoldsKey = "Leave the key of the order out of reason, whole and in part: it is written down.";
    private const string HoldsReference = "Leave the reference of the order out of reason: it is written down.";
    private const string Types =
        "AUTHORITY_TYPE_COURT, AUTHORITY_TYPE_PROSECUTOR, AUTHORITY_TYPE_POLICE, AUTHORITY_TYPE_INTELLIGENCE_SERVICE, AUTHORITY_TYPE_ADMINISTRATION, AUTHORITY_TYPE_OTHER";

    private const string Categories = "DISCLOSURE_CATEGORY_TERRORISM, DISCLOSURE_CATEGORY_CHILD_EXPLOITATION, DISCLOSURE_CATEGORY_OTHER";
    private const string Processes =
        "LEGAL_PROCESS_COURT_ORDER, LEGAL_PROCESS_WARRANT, LEGAL_PROCESS_PRODUCTION_ORDER, LEGAL_PROCESS_SUBPOENA, LEGAL_PROCESS_MUTUAL_LEGAL_ASSISTANCE, LEGAL_PROCESS_EMERGENCY_REQUEST, LEGAL_PROCESS_OTHER";

    private static readonly string Key = new('A', 43);

    private static readonly Dictionary<string, (IMessage Request, string Field, string Reason, string Description)> Cases = new(StringComparer.Ordinal)
    {
        ["no reference"] = (Open(static order => order.OrderReference = " "), "order_reference", "ORDER_REFERENCE_REQUIRED", "Set order_reference."),
        ["long reference"] = (Open(static order => order.OrderReference = new string('ä', 129)), "order_reference", "ORDER_REFERENCE_TOO_LONG", "Send at most 256 bytes of UTF-8."),
        ["no authority"] = (Open(static order => order.Authority = ""), "authority", "AUTHORITY_REQUIRED", "Set authority."),
        ["long authority"] = (Open(static order => order.Authority = new string('x', 257)), "authority", "AUTHORITY_TOO_LONG", "Send at most 256 bytes of UTF-8."),
        ["no authority type"] = (Open(static order => order.AuthorityType = default), "authority_type", "AUTHORITY_TYPE_REQUIRED", $"Set authority_type to one of {Types}."),
        ["unknown authority type"] = (
            Open(static order => order.AuthorityType = (AuthorityType)99), "authority_type", "AUTHORITY_TYPE_UNKNOWN", $"Set authority_type to one of {Types}: this server knows no other."),
        ["no category"] = (Open(static order => order.Category = default), "category", "CATEGORY_REQUIRED", $"Set category to one of {Categories}."),
        ["unknown category"] = (
            Open(static order => order.Category = (DisclosureCategory)4), "category", "CATEGORY_UNKNOWN", $"Set category to one of {Categories}: this server knows no other."),
        ["no legal process"] = (Open(static order => order.LegalProcess = default), "legal_process", "LEGAL_PROCESS_REQUIRED", $"Set legal_process to one of {Processes}."),
        ["unknown legal process"] = (
            Open(static order => order.LegalProcess = (LegalProcess)8), "legal_process", "LEGAL_PROCESS_UNKNOWN", $"Set legal_process to one of {Processes}: this server knows no other."),
        ["no country"] = Country(""),
        ["country in small letters"] = Country("de"),
        ["country of nobody"] = Country("XX"),
        ["no validity"] = (
            Open(static order => order.ValidUntil = null), "valid_until", "VALID_UNTIL_REQUIRED",
            "Set valid_until to the time at which the order ends: in the future, and at most 30 days ahead."),
        ["validity that is over"] = Validity(TimeSpan.FromSeconds(-1), "VALID_UNTIL_PAST", "Send an order that is valid still: a time in the future."),
        ["validity beyond what is held"] = Validity(TimeSpan.FromDays(31), "VALID_UNTIL_TOO_FAR", TooFar),
        ["validity that no calendar has"] = (
            Open(static order => order.ValidUntil = new Timestamp { Seconds = long.MaxValue }), "valid_until", "VALID_UNTIL_TOO_FAR", TooFar),
        ["secrecy that is over"] = Secrecy(TimeSpan.FromSeconds(-1), "WITHHOLD_UNTIL_PAST", "Send a time in the future, or leave withhold_until out."),
        ["secrecy without end"] = Secrecy(TimeSpan.FromDays(1826), "WITHHOLD_UNTIL_TOO_FAR", "Send a time that is at most 1825 days ahead."),
        ["no addresses"] = (Open(static order => order.Addresses.Clear()), "addresses", "ADDRESS_COUNT", "Send 1 to 1000 addresses."),
        ["too many addresses"] = (Open(static order => order.Addresses.Add(Enumerable.Repeat(Planted, 1000))), "addresses", "ADDRESS_COUNT", "Send 1 to 1000 addresses."),
        ["malformed address"] = (Open(static order => order.Addresses.Add(Planted + ":443")), "addresses[1]", "ADDRESS_MALFORMED", Malformed),
        ["network"] = (Open(static order => order.Addresses.Add(Planted + "/24")), "addresses[1]", "ADDRESS_MALFORMED", Malformed),
        ["unusable address"] = (Open(static order => order.Addresses.Add("224.0.0.1")), "addresses[1]", "ADDRESS_UNUSABLE", Unusable),
        ["decision on what is no id"] = (Decide(static one => one.DisclosureId = Planted), "disclosure_id", "DISCLOSURE_ID_MALFORMED", IdMalformed),
        ["decision by what is no key"] = (Decide(static one => one.OrderKey = Planted), "order_key", "ORDER_KEY_MALFORMED", KeyMalformed),
        ["decision without a reference"] = (Decide(static one => one.OrderReference = ""), "order_reference", "ORDER_REFERENCE_REQUIRED", "Set order_reference."),
        ["decision without addresses"] = (Decide(static one => one.Addresses.Clear()), "addresses", "ADDRESS_COUNT", "Send 1 to 1000 addresses."),
        ["no decision"] = (
            Decide(static one => one.Decision = default), "decision", "DECISION_REQUIRED", "Set decision to one of DISCLOSURE_DECISION_APPROVE, DISCLOSURE_DECISION_REJECT."),
        ["unknown decision"] = (
            Decide(static one => one.Decision = (DisclosureDecision)3), "decision", "DECISION_UNKNOWN",
            "Set decision to one of DISCLOSURE_DECISION_APPROVE, DISCLOSURE_DECISION_REJECT: this server knows no other."),
        ["long reason"] = (Decide(static one => one.Reason = new string('x', 513)), "reason", "REASON_TOO_LONG", "Send at most 512 bytes of UTF-8."),
        ["reason of two lines"] = (Decide(static one => one.Reason = "no\nwhere"), "reason", "REASON_HOLDS_CONTROL", Unseen),
        ["reason with an invisible character"] = (Decide(static one => one.Reason = "198\u200B.51.100.83"), "reason", "REASON_HOLDS_CONTROL", Unseen),
        ["reason with an address behind a variation selector"] = (
            Decide(static one => one.Reason = "198.51.\uFE0F100.83"), "reason", "REASON_HOLDS_ADDRESS", "Leave every IP address out of reason, whole or in part of a longer word: it is written down."),
        ["reason with a full-width address"] = Holding("seen at １９８．５１．１００．８３"),
        ["reason with an address of full-width digits"] = Holding("seen at １９８.５１.１００.８３, twice"),
        ["reason with an address of circled digits"] = Holding("①⑨⑧.⑤①.①⓪⓪.⑧③"),
        ["reason with an address of other digits and dots"] = Holding("𝟏𝟗𝟖。۵۱｡¹⁰⁰․83"),
        ["reason with a full-width IPv6 address"] = Holding("（２００１：ｄｂ８：：８３）"),
        ["reason of two paragraphs"] = (Decide(static one => one.Reason = "no\u2029where"), "reason", "REASON_HOLDS_CONTROL", Unseen),
        ["reason with the order key"] = (
            Decide(static one => one.Reason = $"by {Key}"), "reason", "REASON_HOLDS_TOKEN", "Leave every token and key out of reason, and words of 43 characters or more: it is written down."),
        ["reason with a part of the order key"] = (Decide(static one => one.Reason = $"by {Key[..16]}"), "reason", "REASON_HOLDS_ORDER_KEY", HoldsKey),
        ["reason with the order key in pieces"] = (Decide(static one => one.Reason = $"by {Key[..9]} {Key[..9]}"), "reason", "REASON_HOLDS_ORDER_KEY", HoldsKey),
        ["reason with an address"] = (Decide(static one => one.Reason = $"who was at {Planted}?"), "reason", "REASON_HOLDS_ADDRESS", HoldsAddress),
        ["reason with the reference"] = (
            Decide(static one => one.Reason = $"as {Reference} says"), "reason", "REASON_HOLDS_REFERENCE", HoldsReference),
        ["reason with the reference spelled otherwise"] = (
            Decide(static one => (one.OrderReference, one.Reason) = ("7 Gs 1234/26", "as in 7gs-1234-26")), "reason", "REASON_HOLDS_REFERENCE", HoldsReference),
        ["reason with the reference in full width"] = (
            Decide(static one => (one.OrderReference, one.Reason) = ("7 Gs 1234/26", "as in ７ Ｇｓ １２３４／２６")), "reason", "REASON_HOLDS_REFERENCE", HoldsReference),
        ["reason with a reference that is read as nothing"] = (
            Decide(static one => (one.OrderReference, one.Reason) = ("\uE001\uE002\uE003", "that is \uE001\uE002 \uE003 indeed")), "reason", "REASON_HOLDS_REFERENCE", HoldsReference),
        ["reason with a part of the order key in full width"] = (
            Decide(static one => one.Reason = $"by {new string('Ａ', 16)}"), "reason", "REASON_HOLDS_ORDER_KEY", HoldsKey),
        ["rejection with a reason and what is no key"] = (
            Decide(static one => (one.Decision, one.OrderKey, one.Reason) = (DisclosureDecision.Reject, Planted, "a mistake")), "order_key", "ORDER_KEY_MALFORMED", KeyMalformed),
        ["execution of what is no id"] = (Execute(static one => one.DisclosureId = Id.ToUpperInvariant()), "disclosure_id", "DISCLOSURE_ID_MALFORMED", IdMalformed),
        ["execution by a short key"] = (Execute(static one => one.OrderKey = Key[1..]), "order_key", "ORDER_KEY_MALFORMED", KeyMalformed),
        ["execution on a malformed address"] = (Execute(static one => one.Addresses[0] = $"[{Planted}]"), "addresses[0]", "ADDRESS_MALFORMED", Malformed),
        ["question for what is no id"] = (new DisclosureServiceGetRequest { DisclosureId = Planted }, "disclosure_id", "DISCLOSURE_ID_MALFORMED", IdMalformed),
        ["negative page"] = (new DisclosureServiceListRequest { PageSize = -1 }, "page_size", "PAGE_SIZE_NEGATIVE", "Send 0 for 50 at once, or 1 to 200."),
        ["page of nothing"] = Page(Planted),
        ["page of another list"] = Page("QWxsLjc="), // All.7
        ["unknown state"] = (
            new DisclosureServiceListRequest { State = (DisclosureState)10 }, "state", "STATE_UNKNOWN",
            "Set state to one of DISCLOSURE_STATE_PENDING, DISCLOSURE_STATE_APPROVED, DISCLOSURE_STATE_REJECTED, DISCLOSURE_STATE_EXECUTED, DISCLOSURE_STATE_EXPIRED, "
                + "DISCLOSURE_STATE_EXECUTING, DISCLOSURE_STATE_OUTCOME_UNKNOWN, DISCLOSURE_STATE_WITHDRAWN, DISCLOSURE_STATE_UNCONFIRMED: this server knows no other."),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    private static string TooFar => "Send a time that is at most 30 days ahead: nothing that is held now is held for longer, and nothing is kept for an order.";

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AnyCall_BadRequest_NamesFieldAndFixAndEntersNothing(string name)
    {
        var (request, field, reason, description) = Cases[name];
        var before = server.LedgerText;

        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(request));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), (error.StatusCode, error.Info().Reason));
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal((field, reason, description), (violation.Field, violation.Reason, violation.Description));
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Reference, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, server.LedgerText);
    }

    [Fact]
    public async Task Open_OfNothing_NamesEverythingThatIsMissing()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(new DisclosureServiceOpenRequest()));

        Assert.Equal(
            ["order_reference", "authority", "authority_type", "legal_process", "category", "valid_until", "country", "addresses"],
            error.BadRequest().FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task DecideAndExecute_OtherAddresses_NameThePlacesOfThoseUnnamedAndTheNumberOfThoseMissing()
    {
        string[] named = ["83.1.0.1", "83.1.0.2", "83.1.0.3"];
        string[] others = ["83.1.0.1", "83.1.0.7", "83.1.0.2", Planted];
        (string, string, string)[] expected =
        [
            ("addresses", "ADDRESSES_MISSING", "Send all addresses that the order names: 1 of them are missing."),
            ("addresses[1]", "ADDRESS_NOT_IN_ORDER", "Send the addresses that the order names, and no other."),
            ("addresses[3]", "ADDRESS_NOT_IN_ORDER", "Send the addresses that the order names, and no other."),
        ];
        var opened = await server.OpenAsync(named);
        var approved = await server.ApprovedAsync(named);
        var before = server.LedgerText;

        RpcException[] errors =
        [
            await Assert.ThrowsAsync<RpcException>(() => SendAsync(Decision(opened, others))),
            await Assert.ThrowsAsync<RpcException>(() => SendAsync(Execution(approved, others))),
        ];

        foreach (var error in errors)
        {
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Equal(expected, error.BadRequest().FieldViolations.Select(one => (one.Field, one.Reason, one.Description)));
            Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, server.LedgerText);
        Assert.Equal(
            (DisclosureState.Pending, DisclosureState.Approved),
            ((await server.GetAsync(opened.Disclosure.DisclosureId)).State, (await server.GetAsync(approved.Disclosure.DisclosureId)).State));
    }

    [Fact]
    public async Task Execute_AThousandUnnamedAddresses_NamesTheFirstAndHowManyMore()
    {
        var approved = await server.ApprovedAsync("83.2.0.1");
        string[] others = [.. Enumerable.Range(0, 1000).Select(static i => $"83.3.{i / 250}.{i % 250}")];

        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(Execution(approved, others)));

        Assert.Equal(17, error.BadRequest().FieldViolations.Count);
        Assert.Equal("Mend these first: 985 more violations are not listed.", error.BadRequest().FieldViolations[^1].Description);
        Assert.InRange(error.GetRpcStatus()!.CalculateSize(), 1, 6 * 1024); // as a header, in base64, within the 8 KiB that clients take
    }

    [Fact]
    public async Task Decide_AnotherReference_IsAFieldViolation()
    {
        var decision = Decision(await server.OpenAsync("83.4.0.1"), "83.4.0.1");
        decision.OrderReference = Reference + ".";

        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(decision));

        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal(
            ("order_reference", "ORDER_REFERENCE_DIFFERS", "Send the reference of the order exactly as it was opened, byte for byte."),
            (violation.Field, violation.Reason, violation.Description));
    }

    [Fact]
    public async Task AnyCall_OnADisclosureThatIsNone_IsNotFound()
    {
        foreach (var request in (IMessage[])[Decide(static _ => { }), Execute(static _ => { }), new DisclosureServiceGetRequest { DisclosureId = Id }])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(request));

            Assert.Equal(
                (StatusCode.NotFound, "DISCLOSURE_UNKNOWN", "There is no disclosure of this disclosure_id."), (error.StatusCode, error.Info().Reason, error.Status.Detail));
        }
    }

    private static DisclosureServiceOpenRequest Open(Action<DisclosureServiceOpenRequest> change)
    {
        var order = Order(Planted);
        change(order);
        return order;
    }

    private static DisclosureServiceDecideRequest Decide(Action<DisclosureServiceDecideRequest> change)
    {
        var decision = new DisclosureServiceDecideRequest
        {
            DisclosureId = Id, OrderKey = Key, OrderReference = Reference, Decision = DisclosureDecision.Approve, Addresses = { Planted },
        };
        change(decision);
        return decision;
    }

    private static DisclosureServiceExecuteRequest Execute(Action<DisclosureServiceExecuteRequest> change)
    {
        var execution = new DisclosureServiceExecuteRequest { DisclosureId = Id, OrderKey = Key, Addresses = { Planted } };
        change(execution);
        return execution;
    }

    private static (IMessage, string, string, string) Country(string country) => (
        Open(order => order.Country = country), "country", "COUNTRY_UNKNOWN", "Set country to a code of ISO 3166-1 of two capital letters, such as DE.");

    private static (IMessage, string, string, string) Validity(TimeSpan left, string reason, string description) => (
        Open(order => order.ValidUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + left)), "valid_until", reason, description);

    private static (IMessage, string, string, string) Secrecy(TimeSpan left, string reason, string description) => (
        Open(order => order.WithholdUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + left)), "withhold_until", reason, description);

    private static (IMessage, string, string, string) Holding(string reason) => (Decide(one => one.Reason = reason), "reason", "REASON_HOLDS_ADDRESS", HoldsAddress);

    private static (IMessage, string, string, string) Page(string token) => (
        new DisclosureServiceListRequest { State = DisclosureState.Pending, PageToken = token }, "page_token", "PAGE_TOKEN_INVALID",
        "Send the next_page_token of the page before with the same state, or nothing for the first page.");

    private async Task<IMessage> SendAsync(IMessage request) => request switch
    {
        DisclosureServiceOpenRequest open => await server.As(Anna).OpenAsync(open).ResponseAsync.DefaultTimeout(),
        DisclosureServiceDecideRequest decide => await server.As(Bert).DecideAsync(decide).ResponseAsync.DefaultTimeout(),
        DisclosureServiceExecuteRequest execute => await server.As(Bert).ExecuteAsync(execute).ResponseAsync.DefaultTimeout(),
        DisclosureServiceGetRequest get => await server.As(Carl).GetAsync(get).ResponseAsync.DefaultTimeout(),
        DisclosureServiceListRequest list => await server.As(Carl).ListAsync(list).ResponseAsync.DefaultTimeout(),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };
}
