using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>Who may not ask about an address: code, field, reason and fix; and nothing is deleted.</summary>
public sealed class SubjectBadRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Planted = "198.51.100.71";
    private const string ProofRequired = "Set decision_token to the token of a decision of the last day on this address, or attestation to how the person was identified.";
    private const string TooOld = "Send the token of a decision that is at most 24 hours old, or an attestation instead: addresses change hands.";
    private const string HoldsAddress = "Leave every IP address out of attestation, whole or in part of a longer word: it is written down.";

    private static readonly Dictionary<string, (EraseRequest Request, string Field, string Reason, string Description)> Cases = new(StringComparer.Ordinal)
    {
        ["no proof"] = (new EraseRequest { Address = Planted }, "proof", "PROOF_REQUIRED", ProofRequired),
        ["empty token"] = (new EraseRequest { Address = Planted, DecisionToken = "" }, "proof", "PROOF_REQUIRED", ProofRequired),
        ["blank attestation"] = (Attested("  \t "), "proof", "PROOF_REQUIRED", ProofRequired),
        ["long attestation"] = (Attested(new string('x', 513)), "attestation", "ATTESTATION_TOO_LONG", "Send at most 512 bytes of UTF-8."),
        ["long attestation in UTF-8"] = (Attested(new string('ä', 257)), "attestation", "ATTESTATION_TOO_LONG", "Send at most 512 bytes of UTF-8."),
        ["address in the attestation"] = (Attested($"called from {Planted}."), "attestation", "ATTESTATION_HOLDS_ADDRESS", HoldsAddress),
        ["address within a word"] = (Attested($"ticket-{Planted}-17"), "attestation", "ATTESTATION_HOLDS_ADDRESS", HoldsAddress),
        ["direction of writing in the attestation"] = (Attested("seen \u202Enees"), "attestation", "ATTESTATION_HOLDS_CONTROL", "Write attestation in one line, without control and invisible characters."),
        ["token in the attestation"] = (
            Attested($"he showed {new string('A', 64)}"), "attestation", "ATTESTATION_HOLDS_TOKEN",
            "Leave every token and key out of attestation, and words of 43 characters or more: it is written down."),
        ["full-width token in the attestation"] = (
            Attested($"he showed {new string('Ａ', 47)}"), "attestation", "ATTESTATION_HOLDS_TOKEN",
            "Leave every token and key out of attestation, and words of 43 characters or more: it is written down."),
        ["address with raised dots"] = (Attested("called from 198·51·100·71"), "attestation", "ATTESTATION_HOLDS_ADDRESS", HoldsAddress),
        ["IPv6 in brackets"] = (Attested("from [2001:db8::71]:443"), "attestation", "ATTESTATION_HOLDS_ADDRESS", HoldsAddress),
        ["no address"] = (new EraseRequest { Attestation = "card" }, "address", "ADDRESS_REQUIRED", "Set address to the client's IP address as text, or address_bytes to its 4 or 16 bytes."),
        ["malformed address"] = (
            new EraseRequest { Address = Planted + ":443", Attestation = "card" }, "address", "ADDRESS_MALFORMED",
            "Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id."),
        ["unspecified address"] = (
            new EraseRequest { Address = "0.0.0.0", Attestation = "card" }, "address", "ADDRESS_UNUSABLE",
            "Send the address of the client: no event comes from an unspecified, broadcast or multicast address."),
        ["unspecified bytes"] = (
            new EraseRequest { AddressBytes = ByteString.CopyFrom(new byte[16]), Attestation = "card" }, "address_bytes", "ADDRESS_UNUSABLE",
            "Send the address of the client: no event comes from an unspecified, broadcast or multicast address."),
        ["five bytes"] = (
            new EraseRequest { AddressBytes = ByteString.CopyFrom(1, 2, 3, 4, 5), Attestation = "card" }, "address_bytes", "ADDRESS_BYTES_LENGTH",
            "Send 4 bytes for IPv4 or 16 bytes for IPv6, in network order."),
        ["what is no token"] = (
            new EraseRequest { Address = Planted, DecisionToken = "AbC" }, "decision_token", "DECISION_TOKEN_INVALID", "Send the token exactly as it was answered."),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    private SubjectService.SubjectServiceClient Subjects => new(server.Channel);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EraseAndInspect_BadRequest_NameFieldAndFixAndDeleteNothing(string name)
    {
        var (request, field, reason, description) = Cases[name];
        await ScoreAsync(Planted);

        await AssertRefusedAsync(request, Planted, field, reason, description);
    }

    [Fact]
    public async Task Erase_TokenOfAnotherAddress_IsRefused()
    {
        await ScoreAsync("71.11.0.1");
        var other = await ScoreAsync("71.11.0.2");

        await AssertRefusedAsync(
            new EraseRequest { Address = "71.11.0.1", DecisionToken = other }, "71.11.0.1", "decision_token", "DECISION_TOKEN_OF_ANOTHER_ADDRESS",
            "Send the token of a decision on this very address, or an attestation instead.");
        Assert.Single((await InspectAsync("71.11.0.2")).Epochs);
    }

    [Fact]
    public async Task Erase_ForgedToken_IsRefused()
    {
        var token = await ScoreAsync("71.12.0.1");
        var forged = token[..40] + (token[40] == 'A' ? 'B' : 'A') + token[41..];

        await AssertRefusedAsync(
            new EraseRequest { Address = "71.12.0.1", DecisionToken = forged }, "71.12.0.1", "decision_token", "DECISION_TOKEN_INVALID",
            "Send the token exactly as it was answered.");
    }

    [Theory]
    [InlineData(86_400 + 60, false)]
    [InlineData(86_400 - 60, true)]
    public async Task Erase_TokenOfADayAgo_IsTakenUpToADay(int seconds, bool taken)
    {
        var address = taken ? "71.13.0.1" : "71.14.0.1";
        var token = Aged(await ScoreAsync(address), seconds);
        var request = new EraseRequest { Address = address, DecisionToken = token };

        if (taken)
        {
            Assert.Equal(1, (await Subjects.EraseAsync(request).ResponseAsync.DefaultTimeout()).RecordsDeleted);
        }
        else
        {
            await AssertRefusedAsync(request, address, "decision_token", "DECISION_TOKEN_TOO_OLD", TooOld);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Erase_TokenOfAPreview_IsNoProof(bool byToken)
    {
        var address = byToken ? "71.16.0.1" : "71.17.0.1";
        var old = Aged(await ScoreAsync(address), 86_400 + 60);
        var request = byToken ? new PreviewRequest { DecisionToken = old } : new PreviewRequest { Event = Events.SignUp(address) };
        var renewed = (await server.Scoring.PreviewAsync(request).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;

        await AssertRefusedAsync(
            new EraseRequest { Address = address, DecisionToken = renewed }, address, "decision_token", "DECISION_TOKEN_OF_A_PREVIEW",
            "Send the token of an event that was scored, or an attestation instead: a preview shows nobody at the address.");
    }

    [Fact]
    public async Task Erase_TokenWhoseEpochIsOver_IsTooOld()
    {
        // A token says in the clear which epoch it is of: the second byte, characters 2 and 3.
        var token = await ScoreAsync("71.15.0.1");
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        bytes[1] -= 3;

        await AssertRefusedAsync(
            new EraseRequest { Address = "71.15.0.1", DecisionToken = System.Buffers.Text.Base64Url.EncodeToString(bytes) },
            "71.15.0.1", "decision_token", "DECISION_TOKEN_TOO_OLD", TooOld);
    }

    [Fact]
    public async Task Erase_SeveralFaults_NamesThemAllAndCountsARefusal()
    {
        var before = await RefusalsAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => Subjects.EraseAsync(new EraseRequest()).ResponseAsync.DefaultTimeout());

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(["address", "proof"], error.BadRequest().FieldViolations.Select(violation => violation.Field));
        Assert.Equal(before + 1, await RefusalsAsync());
    }

    private static EraseRequest Attested(string attestation) => new() { Address = Planted, Attestation = attestation };

    private async Task AssertRefusedAsync(EraseRequest request, string address, string field, string reason, string description)
    {
        var held = (await InspectAsync(address)).Epochs;
        Assert.Single(held);

        var inspect = InspectRequest.Parser.ParseFrom(request.ToByteArray()); // the same fields
        var errors = new[]
        {
            await Assert.ThrowsAsync<RpcException>(() => Subjects.EraseAsync(request).ResponseAsync.DefaultTimeout()),
            await Assert.ThrowsAsync<RpcException>(() => Subjects.InspectAsync(inspect).ResponseAsync.DefaultTimeout()),
        };

        foreach (var error in errors)
        {
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            var violation = Assert.Single(error.BadRequest().FieldViolations);
            Assert.Equal((field, reason, description), (violation.Field, violation.Reason, violation.Description));
            Assert.DoesNotContain(address, error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(held, (await InspectAsync(address)).Epochs);
    }

    // The same decision, as if it had been made so much earlier.
    private string Aged(string token, int seconds)
    {
        Assert.Equal(TokenState.Valid, server.Services.GetRequiredService<DecisionTokens>().Open(token, out var decision));
        var live = server.Services.GetRequiredService<EpochKeeper>().Live(server.Services.GetRequiredService<StoreClock>().Now)!;
        return DecisionTokens.Seal(decision! with { Time = decision.Time - seconds }, live);
    }

    private async Task<string> ScoreAsync(string address) =>
        (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;

    private Task<InspectResponse> InspectAsync(string address) =>
        Subjects.InspectAsync(new InspectRequest { Address = address, Attestation = "card" }).ResponseAsync.DefaultTimeout();

    private Task<double> RefusalsAsync() => server.MetricAsync("spamguard_erasures_total{result=\"refused\"}");
}
