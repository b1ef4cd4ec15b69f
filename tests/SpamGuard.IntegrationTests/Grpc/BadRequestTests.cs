using System.Buffers.Text;
using Google.Protobuf;
using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>Input that can't be taken: what is answered, and that it counts nothing and is never quoted.</summary>
public sealed class BadRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Planted = "198.51.100.77";
    private static readonly string TooLong = new('x', 257);
    private static readonly string TooLongInUtf8 = new('ä', 129);

    private static readonly Dictionary<string, (IMessage Request, string Field, string Reason, string Description)> Cases = new(StringComparer.Ordinal)
    {
        ["no event"] = (
            new ScoreRequest(), "event", "EVENT_REQUIRED", "Set event: its kind and its address."),
        ["no kind"] = (
            Score(new Event { Address = Planted }),
            "event.kind", "KIND_REQUIRED", "Set kind to EVENT_KIND_SIGN_UP or EVENT_KIND_MESSAGE."),
        ["unknown kind"] = (
            Score(new Event { Kind = (EventKind)99, Address = Planted }),
            "event.kind", "KIND_UNKNOWN", "Set kind to EVENT_KIND_SIGN_UP or EVENT_KIND_MESSAGE: this server knows no other."),
        ["no address"] = (
            Score(new Event { Kind = EventKind.SignUp }),
            "event.address", "ADDRESS_REQUIRED", "Set address to the client's IP address as text, or address_bytes to its 4 or 16 bytes."),
        ["empty address"] = Malformed("", "ADDRESS_REQUIRED", "Set address to the client's IP address as text, or address_bytes to its 4 or 16 bytes."),
        ["empty address bytes"] = (
            Score(new Event { Kind = EventKind.SignUp, AddressBytes = ByteString.Empty }),
            "event.address", "ADDRESS_REQUIRED", "Set address to the client's IP address as text, or address_bytes to its 4 or 16 bytes."),
        ["host name"] = Malformed("example.com"),
        ["port"] = Malformed(Planted + ":443"),
        ["leading zero"] = Malformed("198.051.100.77"),
        ["number"] = Malformed("3325256781"),
        ["zone id"] = Malformed("fe80::1%eth0"),
        ["brackets"] = Malformed("[2001:db8::1]"),
        ["multicast"] = Unusable("224.0.0.1"),
        ["unspecified"] = Unusable("0.0.0.0"),
        ["broadcast"] = Unusable("255.255.255.255"),
        ["multicast, IPv6"] = Unusable("ff02::1"),
        ["five bytes"] = (
            Score(new Event { Kind = EventKind.SignUp, AddressBytes = ByteString.CopyFrom(198, 51, 100, 77, 0) }),
            "event.address_bytes", "ADDRESS_BYTES_LENGTH", "Send 4 bytes for IPv4 or 16 bytes for IPv6, in network order."),
        ["unusable bytes"] = (
            Score(new Event { Kind = EventKind.SignUp, AddressBytes = ByteString.CopyFrom(0, 0, 0, 0) }),
            "event.address_bytes", "ADDRESS_UNUSABLE",
            "Send the address of the client: no event comes from an unspecified, broadcast or multicast address."),
        ["long account"] = (
            Score(new Event { Kind = EventKind.SignUp, Address = Planted, Account = TooLong }), "event.account", "DIGEST_TOO_LONG", DigestTooLong),
        ["long account in UTF-8"] = (
            Score(new Event { Kind = EventKind.SignUp, Address = Planted, Account = TooLongInUtf8 }), "event.account", "DIGEST_TOO_LONG", DigestTooLong),
        ["long content"] = (
            Score(new Event { Kind = EventKind.Message, Address = Planted, Content = TooLong }), "event.content", "DIGEST_TOO_LONG", DigestTooLong),
        ["request id of no UUID"] = RequestId("retry-1"),
        ["request id in braces"] = RequestId("{6f1b1c52-5a55-4b0e-9d3e-0d4d2f6a7b11}"),
        ["request id of zeros"] = RequestId("00000000-0000-0000-0000-000000000000"),
        ["preview of nothing"] = (new PreviewRequest(), "target", "TARGET_REQUIRED", TargetRequired),
        ["preview of an empty token"] = (
            new PreviewRequest { DecisionToken = "" }, "decision_token", "DECISION_TOKEN_REQUIRED", TokenRequired),
        ["preview without a kind"] = (
            new PreviewRequest { Event = new Event { Address = Planted } },
            "event.kind", "KIND_REQUIRED", "Set kind to EVENT_KIND_SIGN_UP or EVENT_KIND_MESSAGE."),
        ["explanation of nothing"] = (new ExplainRequest(), "decision_token", "DECISION_TOKEN_REQUIRED", TokenRequired),
        ["report on nothing"] = (
            new ReportOutcomeRequest { Label = OutcomeLabel.Spam }, "target", "TARGET_REQUIRED", TargetRequired),
        ["report without a label"] = (
            new ReportOutcomeRequest { Event = Events.Message(Planted) },
            "label", "LABEL_REQUIRED",
            "Set label to OUTCOME_LABEL_LEGITIMATE, OUTCOME_LABEL_SPAM, OUTCOME_LABEL_CHALLENGE_PASSED or OUTCOME_LABEL_CHALLENGE_FAILED."),
        ["report with an unknown label"] = (
            new ReportOutcomeRequest { Event = Events.Message(Planted), Label = (OutcomeLabel)99 },
            "label", "LABEL_UNKNOWN",
            "Set label to one of OUTCOME_LABEL_LEGITIMATE, OUTCOME_LABEL_SPAM, OUTCOME_LABEL_CHALLENGE_PASSED and OUTCOME_LABEL_CHALLENGE_FAILED: this server knows no other."),
        ["report by a long reporter"] = (
            new ReportOutcomeRequest { Event = Events.Message(Planted), Label = OutcomeLabel.Spam, Reporter = TooLong },
            "reporter", "DIGEST_TOO_LONG", DigestTooLong),
    };

    private const string DigestTooLong = "Send a digest of at most 256 bytes of UTF-8, such as SHA-256 in hexadecimal.";
    private const string TargetRequired = "Set decision_token to the token of an earlier answer, or event to its kind and address.";
    private const string TokenRequired = "Set decision_token to the token of an earlier answer.";

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_BadInput_NamesTheFieldAndTheFixAndCountsNothing(string name)
    {
        var (request, field, reason, description) = Cases[name];
        var before = await CountedAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request).DefaultTimeout());

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal($"The request can't be taken: see the field violations of {field}.", error.Status.Detail);
        Assert.Equal("INVALID_REQUEST", error.Info().Reason);
        Assert.Equal("spamguard", error.Info().Domain);
        Assert.Equal(field, error.Info().Metadata["fields"]);
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal((field, reason, description), (violation.Field, violation.Reason, violation.Description));
        Assert.DoesNotContain(Planted, error.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await CountedAsync());
        await AssertUnknownAsync(Planted);
    }

    [Fact]
    public async Task Score_EverythingBad_IsSaidAtOnce()
    {
        var request = new ScoreRequest
        {
            Event = new Event { Address = "nowhere", Account = TooLong, Content = TooLong },
            RequestId = "nothing",
        };

        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request).DefaultTimeout());

        Assert.Equal(
            ["event.kind", "event.address", "event.account", "event.content", "request_id"],
            error.BadRequest().FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task Score_DigestsOfExactly256Bytes_AreTaken()
    {
        var response = await server.Scoring.ScoreAsync(new ScoreRequest
        {
            Event = new Event
            {
                Kind = EventKind.Message, Address = "21.0.0.1", Account = new string('a', 256), Content = new string('ä', 128),
            },
        });

        Assert.Equal(Verdict.Allow, response.Assessment.Verdict);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("not base64url at all!")]
    public async Task Call_TokenOfNobody_IsRefused(string token)
    {
        IMessage[] requests =
        [
            new PreviewRequest { DecisionToken = token },
            new ExplainRequest { DecisionToken = token },
            new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam },
        ];
        foreach (var request in requests)
        {
            await AssertTokenRefusedAsync(request);
        }
    }

    [Fact]
    public async Task Explain_ChangedToken_IsRefused()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("22.0.0.1") })).Assessment.DecisionToken;
        var changed = token[..^5] + (token[^5] == 'A' ? 'B' : 'A') + token[^4..];

        await AssertTokenRefusedAsync(new ExplainRequest { DecisionToken = changed });
    }

    [Fact]
    public async Task Token_OfAnEpochThatIsOver_IsRefusedAndCountsNothing()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("22.0.0.2") })).Assessment.DecisionToken;
        var bytes = Base64Url.DecodeFromChars(token);
        bytes[1] -= 2; // the number of its epoch: of this one no process has a key any more
        var expired = Base64Url.EncodeToString(bytes);
        var before = await CountedAsync();

        foreach (var request in (IMessage[])
        [
            new PreviewRequest { DecisionToken = expired },
            new ExplainRequest { DecisionToken = expired },
            new ReportOutcomeRequest { DecisionToken = expired, Label = OutcomeLabel.Spam },
        ])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request).DefaultTimeout());

            Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
            Assert.Equal("What decision_token speaks of is no longer kept: nothing can be added to it or said of it any more. A later event has a token of its own.", error.Status.Detail);
            Assert.Equal("DECISION_TOKEN_EXPIRED", error.Info().Reason);
            Assert.Equal("decision_token", Assert.Single(error.BadRequest().FieldViolations).Field);
        }

        Assert.Equal(before, await CountedAsync());
    }

    [Fact]
    public async Task Score_MessageBeyondTheLimit_IsRefusedUnread()
    {
        var request = Score(new Event { Kind = EventKind.SignUp, Address = Planted, Content = new string('x', 300_000) });

        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request).DefaultTimeout());

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    private static ScoreRequest Score(Event spamEvent) => new() { Event = spamEvent };

    private static (IMessage Request, string Field, string Reason, string Description) Malformed(
        string address,
        string reason = "ADDRESS_MALFORMED",
        string description = "Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id.") =>
        (Score(Events.SignUp(address)), "event.address", reason, description);

    private static (IMessage Request, string Field, string Reason, string Description) Unusable(string address) => (
        Score(Events.SignUp(address)),
        "event.address", "ADDRESS_UNUSABLE",
        "Send the address of the client: no event comes from an unspecified, broadcast or multicast address.");

    private static (IMessage Request, string Field, string Reason, string Description) RequestId(string id) => (
        new ScoreRequest { Event = Events.SignUp(Planted), RequestId = id },
        "request_id", "REQUEST_ID_MALFORMED", "Send a UUID of 36 characters that is not all zeros, or leave request_id empty.");

    private async Task AssertTokenRefusedAsync(IMessage request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request).DefaultTimeout());

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("DECISION_TOKEN_INVALID", error.Info().Reason);
        Assert.Equal("decision_token", Assert.Single(error.BadRequest().FieldViolations).Field);
    }

    private async Task CallAsync(IMessage request)
    {
        switch (request)
        {
            case ScoreRequest score:
                await server.Scoring.ScoreAsync(score);
                break;
            case PreviewRequest preview:
                await server.Scoring.PreviewAsync(preview);
                break;
            case ExplainRequest explain:
                await server.Scoring.ExplainAsync(explain);
                break;
            case ReportOutcomeRequest report:
                await server.Feedback.ReportOutcomeAsync(report);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(request));
        }
    }

    /// <summary>The series of events and of reports that were counted.</summary>
    private async Task<IReadOnlyList<string>> CountedAsync() =>
    [
        .. (await server.MetricsAsync()).Split('\n')
            .Where(line => line.StartsWith("spamguard_assessments_total", StringComparison.Ordinal)
                || line.StartsWith("spamguard_feedback_total", StringComparison.Ordinal)),
    ];

    private async Task AssertUnknownAsync(string address)
    {
        var preview = await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(address) });
        Assert.All(
            preview.Assessment.Evidence,
            level => Assert.Equal((CountBucket.None, CountBucket.None, CountBucket.None), (level.Units, level.SpamReports, level.LegitimateReports)));
    }
}
