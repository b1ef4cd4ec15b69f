using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tests.Desk.Ledger;
using SpamGuard.Tests.Epochs;
using SpamGuard.Tests.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Desk;

/// <summary>An address is looked for under the salts that the store has now, or not at all: under others an erasure would find nothing and say so.</summary>
public sealed class SubjectTokensTests : IAsyncLifetime, IDisposable
{
    private static readonly EpochCalendar Calendar = new();

    private readonly GuardOnAStore _guard = new();
    private readonly SwitchedStore _desk;
    private readonly SubjectTokens _tokens;

    public SubjectTokensTests()
    {
        _desk = new SwitchedStore(_guard.Real);
        _tokens = new SubjectTokens(_desk, _guard.Epochs, _guard.Salts, Calendar, _guard.Clock);
    }

    private EpochId Current => Calendar.At(RetentionClass.Address, _guard.Clock.Now);

    // The current epoch and, as some time after the start, the one before.
    public async Task InitializeAsync()
    {
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        _guard.Time.Advance(TimeSpan.FromDays(3.5));
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Of_WithTheStoresSalts_IsItsTokenInBothEpochs()
    {
        var found = await FindAsync();

        Assert.Equal([Token(Current), Token(Current.Previous)], found.Select(one => one.Token));
        Assert.Equal(Calendar.Start(Current), found[0].Start);
    }

    [Fact]
    public async Task Of_RightAfterARoll_IsUnderTheNewSalts()
    {
        var before = await FindAsync();
        await RollAsync();

        var found = await FindAsync();

        Assert.Equal([Token(Current), Token(Current.Previous)], found.Select(one => one.Token));
        Assert.Empty(before.Select(one => one.Token).Intersect(found.Select(one => one.Token)));
    }

    [Fact]
    public async Task Of_AfterARollThatTheScorersConnectionCannotTell_IsUnavailable()
    {
        Assert.NotEmpty(await FindAsync());
        _guard.TakeStoreAway();
        Assert.NotEmpty(await FindAsync()); // the desk's own connection says that nothing has changed

        await RollAsync();

        await AssertUnavailableAsync();
        _guard.GiveStoreBack();
        Assert.NotEmpty(await FindAsync());
    }

    [Fact]
    public async Task Of_SaltOfTheSameGenerationUnderAPepperThatIsNotHere_IsUnavailable()
    {
        var lost = new InProcessSignalStore(_guard.Time);
        var stranger = new EpochRecord(1, _guard.Peppers.NewestId + 1, new byte[EpochRecord.SaltSize]);
        await lost.EpochAsync(Current, stranger, Calendar.End(Current), default);
        _desk.Inner = _guard.Store.Inner = lost;

        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task Of_EpochBeforeThatCannotBeRead_IsUnavailable()
    {
        _desk.Malformed = _guard.Store.Malformed = Current.Previous;

        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task Of_DesksConnectionAway_IsUnavailable()
    {
        _desk.Inner = null;

        await AssertUnavailableAsync();
    }

    private async Task<IReadOnlyList<SubjectInEpoch>> FindAsync() => await _tokens.OfAsync(SignUp().Address, default);

    private SubjectToken Token(EpochId epoch) => _guard.Epochs.Find(epoch, _guard.Clock.Now)!.Hasher.Key(SubjectKind.Address, SignUp().Address).Token;

    private async Task RollAsync()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var roller = new EpochRoller(
            _desk, _desk, Microsoft.Extensions.Options.Options.Create(new DeskOptions()), _guard.Peppers, _guard.Epochs, Calendar, EpochPace.OfService, ledger, new RecordingLogger<EpochRoller>());
        await roller.RollAsync([RetentionClass.Address], LedgerFolder.Somebody);
    }

    private async Task AssertUnavailableAsync() => await Assert.ThrowsAsync<StoreException>(FindAsync);
}
