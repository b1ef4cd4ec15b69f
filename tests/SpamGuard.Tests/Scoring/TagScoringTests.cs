using System.Net;
using SpamGuard.Addresses;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Signals;
using SpamGuard.Tags;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

public sealed class TagScoringTests : IDisposable
{
    private static readonly Policy Tagging = Policy.Of(ScoringPolicy.Default with
    {
        Tags = ScoringPolicy.Default.Tags.Add("tor", new TagPolicy(2.5, Cap: null)).Add("trusted", new TagPolicy(0, Verdict.Allow)),
    });

    private readonly LiveTags _tags = LiveTags.None();
    private readonly OfflineSpamGuard _guard;

    public TagScoringTests()
    {
        _tags.Apply(Of(("tor", "198.18.7.0/24"), ("hosting", "198.18.0.0/16"), ("trusted", "198.18.9.0/24")));
        _guard = new OfflineSpamGuard(Tagging, phaseSeconds: 0, seed: 1, tags: _tags);
    }

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Score_TaggedAddress_IsJudgedByItsTagAndItsTokenKnows()
    {
        var tagged = await _guard.ScoreAsync(SignUp("198.18.7.9"), Start);
        var other = await _guard.ScoreAsync(SignUp("198.18.8.9"), Start);

        Assert.Contains(new Reason("TAG_TOR", 2.5), tagged.Reasons);
        Assert.Equal((Verdict.Challenge, Verdict.Allow), (tagged.Verdict, other.Verdict));
        Assert.Equal(TokenState.Valid, _guard.Tokens.Open(tagged.DecisionToken, out var decision));
        Assert.Equal(["hosting", "tor"], decision!.Footprint.Tags);
        Assert.Equal(tagged.Reasons, decision.Reasons);
    }

    [Fact]
    public async Task Preview_ByTokenOfATaggedAddress_StillKnowsItsTags()
    {
        var token = (await _guard.ScoreAsync(SignUp("198.18.7.9"), Start)).DecisionToken;
        _tags.Apply(AddressTags.None); // what a token says is not looked up again: it has no address

        var preview = (await _guard.PreviewAsync(token, Start.AddDays(1))).Assessment!;

        Assert.Contains(new Reason("TAG_TOR", 2.5), preview.Reasons);
        Assert.DoesNotContain((await _guard.PreviewAsync(SignUp("198.18.7.9"), Start.AddDays(1))).Reasons, reason => ReasonCodes.IsTag(reason.Code));
    }

    [Fact]
    public async Task Score_RetryAfterOtherTagsCame_IsAnsweredAsTheFirstCall()
    {
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid() };
        var (tagged, other) = (await _guard.ScoreAsync(SignUp("198.18.7.9"), Start, ids[0]), await _guard.ScoreAsync(SignUp("198.20.8.9"), Start, ids[1]));
        _tags.Apply(Of(("tor", "198.20.8.0/24")));

        var (retry, otherRetry) = (await _guard.ScoreAsync(SignUp("198.18.7.9"), Start, ids[0]), await _guard.ScoreAsync(SignUp("198.20.8.9"), Start, ids[1]));

        Assert.True(retry.Replayed && otherRetry.Replayed);
        Assert.Equal((tagged.Verdict, tagged.SpamProbability, other.SpamProbability), (retry.Verdict, retry.SpamProbability, otherRetry.SpamProbability));
        Assert.Equal(tagged.Reasons, retry.Reasons);
        _guard.Tokens.Open(retry.DecisionToken, out var decision);
        Assert.Equal(["hosting", "tor"], decision!.Footprint.Tags);
        Assert.Equal(tagged.Reasons, decision.Reasons);
    }

    [Fact]
    public async Task Score_TrustedAddressInABurst_IsAllowedAndHasNothingToWaitFor()
    {
        for (var i = 0; i < 20; i++)
        {
            var trusted = await _guard.ScoreAsync(SignUp("198.18.9.1"), Start.AddSeconds(i));
            Assert.Equal((Verdict.Allow, null), (trusted.Verdict, trusted.RetryAfterSeconds));
            Assert.Contains(new Reason("TAG_TRUSTED", 0), trusted.Reasons);
        }

        Assert.Equal(Verdict.Allow, (await _guard.ScoreAsync(SignUp("198.18.9.1"), Start.AddMinutes(1))).Verdict);
        Assert.True((await _guard.PreviewAsync(SignUp("198.18.9.1"), Start.AddMinutes(1))).SpamProbability > .9);
    }

    private static AddressTags Of(params (string Tag, string Network)[] tags) => new(tags.ToDictionary(one => one.Tag, one => Networks(one.Network), StringComparer.Ordinal));

    private static PrefixSet Networks(string network)
    {
        var set = new PrefixSetBuilder();
        set.Add(IPNetwork.Parse(network));
        return set.Build();
    }
}
