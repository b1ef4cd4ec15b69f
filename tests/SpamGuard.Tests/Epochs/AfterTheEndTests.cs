using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Tests.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Epochs;

/// <summary>After the end of epoch n + 1 nothing makes a token of epoch n, whatever is asked, and whoever still holds what.</summary>
public sealed class AfterTheEndTests : IAsyncLifetime, IDisposable
{
    private static readonly EpochCalendar Calendar = new();
    private readonly GuardOnAStore _guard = new();
    private EpochSecret _address = null!;
    private EpochSecret _network = null!;
    private LiveEpochs _held = null!;
    private SubjectToken _token;
    private string _decision = "";

    public async Task InitializeAsync()
    {
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        _held = _guard.Epochs.Live(_guard.Clock.Now)!;
        (_address, _network) = (_held.Current(RetentionClass.Address), _held.Current(RetentionClass.Network));
        _token = TokenOf(_address);
        _decision = (await _guard.ScoreAsync(SignUp())).DecisionToken;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Tokens_OfASnapshotThatASlowEventHolds_CannotBeMadeAnyMore()
    {
        var footprint = Footprint(_held);
        await AfterAsync(_network);

        Assert.Throws<ObjectDisposedException>(() => TokenOf(_address));
        Assert.Throws<ObjectDisposedException>(() => Footprint(_held));
        Assert.Throws<ObjectDisposedException>(() => Footprint(_held.CurrentOnly));
        Assert.Throws<ObjectDisposedException>(() => _network.Hasher.Members(SignUp().Address));
        Assert.Throws<ObjectDisposedException>(() => _network.Hasher.Reporter("person"u8));
        Assert.Throws<ObjectDisposedException>(() => DecisionTokens.Id(_held, _token, 1));
        Assert.ThrowsAny<Exception>(() => DecisionTokens.Seal(DecisionOf(footprint), _held));
        Assert.All(_address.ToRecord().Salt.Concat(_network.ToRecord().Salt), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Calls_ByADecisionToken_SayThatItIsOver()
    {
        await AfterAsync(_address);

        Assert.Equal(TokenState.Expired, _guard.Tokens.Open(_decision, out _));
        Assert.Equal(ScoreFailure.TokenExpired, (await _guard.PreviewAsync(_decision)).Failure);
        Assert.Equal(FeedbackOutcome.TokenExpired, await ReportAsync(_decision));
    }

    [Fact]
    public async Task Calls_ByAddress_NameNoKeyOfTheEpoch()
    {
        await AfterAsync(_address);
        var spy = new SpyingStore(_guard.Real);
        _guard.Store.Inner = spy;

        await _guard.ScoreAsync(SignUp(), Guid.NewGuid());
        await _guard.Scorer.ScoreBatchAsync([(SignUp(), null), (Message(), Guid.NewGuid())], "test", default);
        await _guard.PreviewAsync(SignUp());
        await _guard.Feedback.ReportAsync(
            EventKind.SignUp, SignUp().Address, default, default, new OutcomeReport(OutcomeLabel.Spam, "test", "person"u8.ToArray(), RequestId: null), default);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.NotEmpty(spy.Tokens);
        Assert.DoesNotContain(_token, spy.Tokens);
        Assert.DoesNotContain(_address.Id, spy.Epochs);
        Assert.Contains(_address.Id.Next.Next, spy.Epochs);
    }

    [Fact]
    public async Task Refresh_WhileTheStoreStillHoldsTheRecord_DoesNotTakeIt()
    {
        // A salt that somebody planted with a longer life, or that another process pushes back.
        var kept = new ForgetsNothing(_guard.Real);
        _guard.Store.Inner = kept;
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        var record = (await kept.EpochAsync(_address.Id, candidate: null, 0, default))!;

        await AfterAsync(_address);
        await kept.EpochAsync(_address.Id, record with { Generation = 7 }, Calendar.End(_address.Id), default);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.NotNull(await kept.EpochAsync(_address.Id, candidate: null, 0, default));
        Assert.Null(_guard.Epochs.Find(_address.Id, _guard.Clock.Now));
        Assert.Null(_guard.Epochs.At(_address.Id, _network.Id, _guard.Clock.Now));
        Assert.Null(_guard.Epochs.FindAddressEpoch((byte)_address.Id.Number, _guard.Clock.Now));
        Assert.Equal(TokenState.Expired, _guard.Tokens.Open(_decision, out _));
    }

    [Fact]
    public async Task Epochs_OfAProcessWithoutAStore_DieOnTheSameSecond()
    {
        _guard.TakeStoreAway();
        using var local = new LocalEpochs(_guard.Peppers, Calendar);
        var live = await local.LiveAsync(_guard.Clock.Now, default);
        var secret = live.Current(RetentionClass.Address);
        var end = Calendar.End(secret.Id);

        Assert.NotNull(local.FindAddressEpoch((byte)secret.Id.Number, end - 1));
        Assert.Null(local.FindAddressEpoch((byte)secret.Id.Number, end));
        Assert.Null(local.At(secret.Id, live.Current(RetentionClass.Network).Id, end));
        local.Expire(end);
        local.Expire(end + 2);
        Assert.Throws<ObjectDisposedException>(() => TokenOf(secret));
        Assert.All(secret.ToRecord().Salt, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Score_WhileTheStoreIsAwayAtTheEnd_IsUnderSaltsOfTheTime()
    {
        _guard.TakeStoreAway();
        _guard.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(Calendar.End(_address.Id)));

        Assert.Null(_guard.Epochs.Live(_guard.Clock.Now));
        var assessment = await _guard.ScoreAsync(SignUp());

        Assert.Equal(Quality.Degraded, assessment.Quality);
        Assert.Equal(TokenState.Valid, _guard.Tokens.Open(assessment.DecisionToken, out var decision));
        Assert.Equal(Calendar.At(RetentionClass.Address, _guard.Clock.Now), decision!.AddressEpoch);
        Assert.DoesNotContain(_token, decision.Footprint.Keys().Select(key => key.Token));
        Assert.NotEqual(TokenState.Valid, _guard.Tokens.Open(_decision, out _));
    }

    [Fact]
    public async Task Replay_OfARequestOverTheEnd_CountsAnew()
    {
        var id = Guid.NewGuid();
        var first = (await _guard.ScoreAsync(SignUp(), id)).DecisionToken;
        await AfterAsync(_address);

        var again = await _guard.ScoreAsync(SignUp(), id);

        Assert.False(again.Replayed);
        Assert.NotEqual(first, again.DecisionToken);
    }

    private static SubjectToken TokenOf(EpochSecret secret) => secret.Hasher.Key(SubjectKind.Address, SignUp().Address).Token;

    private static EventFootprint Footprint(LiveEpochs live) =>
        EventFootprint.Of(EventKind.SignUp, SignUp().Address, default, default, [], live, ScoringPolicy.Default);

    private static Decision DecisionOf(EventFootprint footprint)
    {
        using var other = Guard();
        return other.Tokens.Open(other.Score(SignUp(), Start).DecisionToken, out var decision) == TokenState.Valid
            ? decision! with { Footprint = footprint }
            : throw new InvalidOperationException("No decision.");
    }

    // As the services do it: every few seconds, until the end and a little on.
    private async Task AfterAsync(EpochSecret secret)
    {
        for (var epoch = secret.Id; epoch.Number < secret.Id.Number + 2; epoch = epoch.Next)
        {
            await AtAsync(Calendar.Start(epoch.Next) - 300);
        }

        await AtAsync(Calendar.End(secret.Id));
        await AtAsync(Calendar.End(secret.Id) + 5);
    }

    private async Task AtAsync(long time)
    {
        _guard.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(time));
        _guard.Epochs.Expire(_guard.Clock.Now);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
    }

    private async Task<FeedbackOutcome> ReportAsync(string token) =>
        await _guard.Feedback.ReportAsync(token, new OutcomeReport(OutcomeLabel.Spam, "test", default, RequestId: null), default);
}
