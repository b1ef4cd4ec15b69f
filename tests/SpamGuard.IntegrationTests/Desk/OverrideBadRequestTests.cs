using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Retention;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>What can't be said of anybody: code, field, reason and fix; and nothing is in force after it.</summary>
public sealed class OverrideBadRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Planted = "198.51.100.71";
    private const string Lengths = "Send /24 or /16 of IPv4, or /48 or /32 of IPv6. One address, or one /64 of IPv6, is set by address.";
    private const string FirstAddress = "Send the first address of the network: all bits behind its length are 0.";
    private const string NetworkForm = "Write a network as ADDRESS/LENGTH, its address as in address and its length a number.";
    private const string HoldsAddress = "Leave every IP address out of reason, whole or in part of a longer word: it is written down.";
    private const string Unusable = "Send the address of the client: no event comes from an unspecified, broadcast or multicast address.";
    private const string Past = "Send an expire_time to come, or a ttl of a second or more.";
    private const string Verdicts = "Set verdict to VERDICT_ALLOW, VERDICT_CHALLENGE, VERDICT_THROTTLE or VERDICT_DENY";

    private static readonly Dictionary<string, (Action<OverrideServiceSetRequest> Change, string Field, string Reason, string Description)> Cases = new(StringComparer.Ordinal)
    {
        ["nobody"] = (request => request.ClearTarget(), "target", "TARGET_REQUIRED", "Set one of address, address_bytes, network and decision_token: of whom is the verdict said?"),
        ["malformed address"] = (
            request => request.Address = Planted + ":443", "address", "ADDRESS_MALFORMED",
            "Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id."),
        ["five bytes"] = (
            request => request.AddressBytes = ByteString.CopyFrom(1, 2, 3, 4, 5), "address_bytes", "ADDRESS_BYTES_LENGTH",
            "Send 4 bytes for IPv4 or 16 bytes for IPv6, in network order."),
        ["unspecified address"] = (request => request.Address = "0.0.0.0", "address", "ADDRESS_UNUSABLE", Unusable),
        ["network of multicast"] = (request => request.Network = "224.0.1.0/24", "network", "ADDRESS_UNUSABLE", Unusable),
        ["network without a length"] = (request => request.Network = Planted, "network", "NETWORK_LENGTH", Lengths),
        ["network of one"] = (request => request.Network = Planted + "/32", "network", "NETWORK_LENGTH", Lengths),
        ["network of a /8"] = (request => request.Network = "198.0.0.0/8", "network", "NETWORK_LENGTH", Lengths),
        ["network of everybody"] = (request => request.Network = "0.0.0.0/0", "network", "NETWORK_LENGTH", Lengths),
        ["network of a /64"] = (request => request.Network = "2001:db8:5:6::/64", "network", "NETWORK_LENGTH", Lengths),
        ["network of IPv4 in IPv6"] = (request => request.Network = "2002:c633:6400::/48", "network", "NETWORK_LENGTH", Lengths),
        ["network with a host"] = (request => request.Network = Planted + "/24", "network", "NETWORK_BITS", FirstAddress),
        ["network of a length that is none"] = (request => request.Network = "198.51.100.0/33", "network", "NETWORK_MALFORMED", NetworkForm),
        ["network of words"] = (request => request.Network = "the neighbours", "network", "NETWORK_MALFORMED", NetworkForm),
        ["what is no token"] = (request => request.DecisionToken = "AbC", "decision_token", "DECISION_TOKEN_INVALID", "Send the token exactly as it was answered."),
        ["no token"] = (request => request.DecisionToken = "", "decision_token", "DECISION_TOKEN_REQUIRED", "Set decision_token to the token of an earlier answer."),
        ["no verdict"] = (request => request.Verdict = Verdict.Unspecified, "verdict", "VERDICT_REQUIRED", Verdicts + "."),
        ["unknown verdict"] = (request => request.Verdict = (Verdict)9, "verdict", "VERDICT_UNKNOWN", Verdicts + ": this server knows no other."),
        ["no reason"] = (request => request.Reason = " \t", "reason", "REASON_REQUIRED", "Say why, without any IP address: it is written down."),
        ["long reason"] = (request => request.Reason = new string('ä', 257), "reason", "REASON_TOO_LONG", "Send at most 512 bytes of UTF-8."),
        ["two lines of reason"] = (request => request.Reason = "one\u2028two", "reason", "REASON_HOLDS_CONTROL", "Write reason in one line, without control and invisible characters."),
        ["token in the reason"] = (
            request => request.Reason = $"as {new string('A', 64)} shows", "reason", "REASON_HOLDS_TOKEN",
            "Leave every token and key out of reason, and words of 43 characters or more: it is written down."),
        ["address in the reason"] = (request => request.Reason = $"called from {Planted}.", "reason", "REASON_HOLDS_ADDRESS", HoldsAddress),
        ["IPv6 in the reason"] = (request => request.Reason = "ticket-[2001:db8::71]:443", "reason", "REASON_HOLDS_ADDRESS", HoldsAddress),
        ["no end"] = (request => request.ClearExpiry(), "expiry", "EXPIRY_REQUIRED", "Set expire_time or ttl: nothing is said for ever."),
        ["no time"] = (request => request.Ttl = new Duration(), "ttl", "EXPIRY_PAST", Past),
        ["less than no time"] = (request => request.Ttl = new Duration { Seconds = -5 }, "ttl", "EXPIRY_PAST", Past),
        ["an end that is over"] = (request => request.ExpireTime = new Timestamp { Seconds = 1_700_000_000 }, "expire_time", "EXPIRY_PAST", Past),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    private OverrideService.OverrideServiceClient Overrides => new(server.Channel);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Set_BadRequest_NamesFieldAndFixAndSetsNothing(string name)
    {
        var (change, field, reason, description) = Cases[name];
        var request = Good();
        change(request);

        var error = await RefusedAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal((field, reason, description), (violation.Field, violation.Reason, violation.Description));
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("203.0.113.9", true)]
    [InlineData("203.0.0.0/16", false)]
    public async Task Set_BeyondTheDeadlineOfItsSubject_NamesTheLatestWhichIsTaken(string target, bool isAddress)
    {
        var request = Good();
        if (isAddress)
        {
            request.Address = target;
        }
        else
        {
            request.Network = target;
        }

        request.Ttl = new Duration { Seconds = (isAddress ? RetentionClass.Address : RetentionClass.Network).CapSeconds + 1 };
        var error = await RefusedAsync(request);

        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal((StatusCode.InvalidArgument, "ttl", "EXPIRY_TOO_LATE"), (error.StatusCode, violation.Field, violation.Reason));
        var latest = DateTimeOffset.Parse(Latest(error), System.Globalization.CultureInfo.InvariantCulture);
        request.ExpireTime = latest.AddSeconds(1).ToTimestamp();
        Assert.Equal("expire_time", Assert.Single((await RefusedAsync(request)).BadRequest().FieldViolations).Field);
        request.ExpireTime = latest.ToTimestamp();
        var set = await Overrides.SetAsync(request).ResponseAsync.DefaultTimeout();
        Assert.Equal(request.ExpireTime, set.ExpireTime);
        await Overrides.ClearAsync(new OverrideServiceClearRequest { Id = set.Id }).ResponseAsync.DefaultTimeout();
    }

    [Fact]
    public async Task Set_BeyondTheDeadline_NamesTheSameLatestForEveryAddressAndToken()
    {
        var request = Good();
        var latest = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            var address = $"203.0.113.{i}";
            request.Ttl = new Duration { Seconds = RetentionClass.Address.CapSeconds + 1 };
            request.Address = address;
            latest.Add(Latest(await RefusedAsync(request)));
            request.DecisionToken = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;
            latest.Add(Latest(await RefusedAsync(request)));
        }

        request.ExpireTime = DateTimeOffset.Parse(Assert.Single(latest), System.Globalization.CultureInfo.InvariantCulture).ToTimestamp();
        var set = await Overrides.SetAsync(request).ResponseAsync.DefaultTimeout();
        Assert.Equal(request.ExpireTime, set.ExpireTime);
        await Overrides.ClearAsync(new OverrideServiceClearRequest { Id = set.Id }).ResponseAsync.DefaultTimeout();
    }

    [Fact]
    public async Task Set_NothingRight_NamesEverythingAtOnce()
    {
        var error = await RefusedAsync(new OverrideServiceSetRequest());

        Assert.Equal(["target", "verdict", "reason", "expiry"], error.BadRequest().FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task Set_TokenWhoseEpochIsOver_IsRefused()
    {
        // A token says in the clear which epoch it is of: the second byte.
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("82.1.0.1") }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        bytes[1] -= 3;
        var request = Good();
        request.DecisionToken = System.Buffers.Text.Base64Url.EncodeToString(bytes);

        var error = await RefusedAsync(request);

        Assert.Equal((StatusCode.FailedPrecondition, "DECISION_TOKEN_EXPIRED"), (error.StatusCode, error.Info().Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("203.0.113.9")]
    [InlineData("x0123456789abcdef")]
    public async Task Clear_WhatIsNoId_IsRefused(string id)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Overrides.ClearAsync(new OverrideServiceClearRequest { Id = id }).ResponseAsync.DefaultTimeout());

        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal(
            (StatusCode.InvalidArgument, "id", "ID_MALFORMED", "Set id to what Set or List answered: a or n, and 16 hexadecimal digits."),
            (error.StatusCode, violation.Field, violation.Reason, violation.Description));
    }

    private static OverrideServiceSetRequest Good() =>
        new() { Address = Planted, Verdict = Verdict.Deny, Reason = "a reason", Ttl = new Duration { Seconds = 60 } };

    private static string Latest(RpcException error) => Assert.Single(error.BadRequest().FieldViolations).Description.Split(' ')[4];

    private Task<RpcException> RefusedAsync(OverrideServiceSetRequest request) =>
        Assert.ThrowsAsync<RpcException>(() => Overrides.SetAsync(request).ResponseAsync.DefaultTimeout());

    private async Task<IEnumerable<Override>> ListAsync() => (await Overrides.ListAsync(new OverrideServiceListRequest()).ResponseAsync.DefaultTimeout()).Overrides;
}
