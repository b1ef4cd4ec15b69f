using System.Buffers.Text;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Signals;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Feedback;

public sealed class DecisionTokensTests
{
    [Fact]
    public async Task Open_OfAToken_GivesBackWhatWasDecided()
    {
        using var guard = Guard(ScoringPolicy.Default with { AccountMemory = true, ContentMemory = true });
        for (var i = 0; i < 6; i++)
        {
            await guard.ScoreAsync(SignUp(account: $"{i}"), Start.AddSeconds(i));
        }

        foreach (var spamEvent in new[] { SignUp(account: "x"), Message("2a01:4f8::1", "x", "y"), Message() })
        {
            var assessment = await guard.ScoreAsync(spamEvent, Start.AddSeconds(10));
            Assert.Equal(TokenState.Valid, guard.Tokens.Open(assessment.DecisionToken, out var decision));
            Assert.Equal(
                (assessment.Verdict, assessment.SpamProbability, assessment.PolicyRevision, assessment.Time, "offline"),
                (decision!.Verdict, decision.SpamProbability, decision.PolicyRevision, decision.Time, decision.Caller));
            Assert.Equal(assessment.Reasons, decision.Reasons);
            Assert.Equal(spamEvent.Kind, decision.Footprint.Kind);
            Assert.Equal(spamEvent.Address.Wide, decision.Footprint.Wide);
            Assert.Equal(!spamEvent.Account.IsEmpty, decision.Footprint.HasAccount);
            Assert.Equal(assessment.ExpireTime, decision.Footprint.ExpireTime);
        }
    }

    [Fact]
    public async Task Read_OfADecisionWithTags_GivesThemBackWithTheirReasons()
    {
        using var guard = Guard();
        guard.Tokens.Open((await guard.ScoreAsync(SignUp(), Start)).DecisionToken, out var opened);
        var (plain, footprint) = (opened!, opened!.Footprint);
        var decision = plain with
        {
            Footprint = new EventFootprint(footprint.Kind, footprint.Wide, footprint.HasAccount, ["hosting", "tor", "trusted"], footprint.Subjects),
            Reasons = [.. plain.Reasons, new Reason("TAG_TOR", 1.25), new Reason("TAG_TRUSTED", 0)],
        };
        Span<byte> packed = stackalloc byte[DecisionCodec.MaxSize];

        var read = DecisionCodec.Read(packed[..DecisionCodec.Pack(decision, packed)], new EpochCalendar());

        Assert.Equal(["hosting", "tor", "trusted"], read.Footprint.Tags);
        Assert.Equal(decision.Reasons, read.Reasons);
        Assert.Equal(decision.Caller, read.Caller);
        Assert.Empty(plain.Footprint.Tags);
    }

    [Fact]
    public async Task Open_OfAPreviewsToken_SaysThatItIsOne()
    {
        using var guard = Guard();
        var scored = await guard.ScoreAsync(Message(account: "x"), Start);
        string[] previews =
        [
            (await guard.PreviewAsync(Message(account: "x"), Start)).DecisionToken,
            (await guard.PreviewAsync(scored.DecisionToken, Start)).Assessment!.DecisionToken,
            (await guard.PreviewAsync(SignUp("198.18.7.3"), Start)).DecisionToken,
        ];

        Assert.False(Opened(scored.DecisionToken).IsPreview);
        Assert.All(previews, token => Assert.True(Opened(token).IsPreview));
        Assert.True(Opened(previews[0]).Footprint.HasAccount);
        Assert.Equal((scored.Verdict, EventKind.Message), (Opened(previews[1]).Verdict, Opened(previews[1]).Footprint.Kind));

        Decision Opened(string token)
        {
            Assert.Equal(TokenState.Valid, guard.Tokens.Open(token, out var decision));
            return decision!;
        }
    }

    [Fact]
    public async Task Open_WithAnyByteChanged_IsInvalidOrExpired()
    {
        using var guard = Guard();
        var token = Base64Url.DecodeFromChars((await guard.ScoreAsync(SignUp(), Start)).DecisionToken);
        for (var i = 0; i < token.Length; i++)
        {
            var forged = token.ToArray();
            forged[i] ^= 0x40;
            var state = guard.Tokens.Open(Base64Url.EncodeToString(forged), out var decision);
            Assert.Equal(i == 1 ? TokenState.Expired : TokenState.Invalid, state);
            Assert.Null(decision);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a token")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Open_OfWhatIsNoToken_IsInvalid(string token)
    {
        using var guard = Guard();
        Assert.Equal(TokenState.Invalid, guard.Tokens.Open(token, out _));
        Assert.Equal(TokenState.Invalid, guard.Tokens.Open(new string('A', 100_000), out _));
    }

    [Fact]
    public async Task Open_OfATokenOfAnotherService_IsInvalid()
    {
        using var guard = Guard(seed: 1);
        using var other = Guard(seed: 2);
        await other.ScoreAsync(SignUp(), Start);
        var token = (await guard.ScoreAsync(SignUp(), Start)).DecisionToken;
        Assert.Equal(TokenState.Invalid, other.Tokens.Open(token, out _));
    }

    [Fact]
    public async Task Open_ThroughoutTheNextEpochAndNoLonger_IsValid()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(SignUp(), Start)).DecisionToken;
        await guard.PreviewAsync(SignUp(), Start.AddDays(3.5));
        Assert.Equal(TokenState.Valid, guard.Tokens.Open(token, out _));

        await guard.PreviewAsync(SignUp(), Start.AddDays(10));
        Assert.Equal(TokenState.Expired, guard.Tokens.Open(token, out _));
    }

    [Fact]
    public async Task Token_OfAnyEvent_HoldsNoAddressAndIsNeverTheSame()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        var tokens = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            tokens.Add((await guard.ScoreAsync(SignUp(), Start, id)).DecisionToken);
        }

        Assert.Equal(10, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.InRange(token.Length, 200, DecisionTokens.MaxLength));
        Assert.Single(tokens.Select(token =>
        {
            guard.Tokens.Open(token, out var decision);
            return decision!.Id;
        }).Distinct());
    }
}
