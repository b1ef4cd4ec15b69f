using System.Text.Json;
using SpamGuard.Addresses;
using SpamGuard.Desk.Disclosures;
using static SpamGuard.Tests.Desk.Disclosures.GateUnderTest;

namespace SpamGuard.Tests.Desk.Disclosures;

/// <summary>What is left of orders after the desk ended, at whatever moment, and what the ledger says of them.</summary>
public sealed class DisclosureBookTests : IAsyncLifetime, IDisposable
{
    private const string Named = "198.18.2.1";

    private static readonly IReadOnlyList<ClientAddress> One = Naming(Named);

    private GateUnderTest _desk = null!;

    public async Task InitializeAsync() => _desk = await StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Restart_OfOrdersInEveryState_KnowsTheSame()
    {
        await _desk.OpenAsync(One, _desk.Facts(validFor: TimeSpan.FromHours(1)));
        _desk.Folder.Time.Advance(TimeSpan.FromHours(1));
        await _desk.OpenAsync(One, _desk.Facts(DisclosureCategory.ChildExploitation, withheldFor: TimeSpan.FromDays(90)));
        await _desk.DecideAsync(await _desk.OpenAsync(One), One, approve: false);
        await _desk.ApprovedAsync(One);
        await _desk.ExecuteAsync(await _desk.ApprovedAsync(One), One);
        var before = Everything();

        _desk.Restart();

        Assert.Equal(
            [DisclosureState.Executed, DisclosureState.Approved, DisclosureState.Rejected, DisclosureState.Pending, DisclosureState.Expired],
            _desk.Book.Latest().Select(one => one.StateAt(_desk.Now)));
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Restart_AfterACrashInAnExecution_LeavesItsOutcomeUnknownForGood()
    {
        await _desk.ScoreAsync(Named);
        var order = await _desk.ApprovedAsync(One);
        await _desk.ExecuteAsync(order, One);

        _desk.Restart(lost: 1); // the outcome

        Assert.Equal(DisclosureState.OutcomeUnknown, _desk.StateOf(order.Id));
        Assert.Equal(1, await _desk.MetricAsync("spamguard_disclosures_outcome_unknown"));
        var refused = await Assert.ThrowsAsync<DisclosureRefusedException>(() => _desk.ExecuteAsync(order, One));
        Assert.Equal((DisclosureRefusal.WrongState, DisclosureState.OutcomeUnknown), (refused.Refusal, refused.State));
        _desk.Restart();
        Assert.Equal((DisclosureState.OutcomeUnknown, null), (_desk.StateOf(order.Id), _desk.Book.Find(order.Id)!.Execution!.Held));
        _desk.Folder.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(0, await _desk.MetricAsync("spamguard_disclosures_outcome_unknown"));
    }

    [Fact]
    public async Task Restart_AfterACrashInADecision_LeavesItUndecided()
    {
        var order = await _desk.ApprovedAsync(One);

        _desk.Restart(lost: 1);

        Assert.Equal(DisclosureState.Pending, _desk.StateOf(order.Id));
        Assert.Equal(DecisionKind.Rejected, (await _desk.DecideAsync(order, One, approve: false, by: Third)).Decision!.Kind);
    }

    [Fact]
    public async Task Restart_AfterACrashInAnOpening_KnowsAnOrderThatNobodyHasTheKeyOf()
    {
        var order = await _desk.OpenAsync(One);

        _desk.Restart(lost: 1);

        Assert.Equal(DisclosureState.Unconfirmed, _desk.StateOf(order.Id));
    }

    [Fact]
    public async Task Pending_AreCountedWithTheAgeOfTheOldest()
    {
        Assert.Equal((0, 0), (await _desk.MetricAsync("spamguard_disclosures_pending"), await _desk.MetricAsync("spamguard_disclosures_oldest_pending_seconds")));
        var first = await _desk.OpenAsync(One);
        _desk.Folder.Time.Advance(TimeSpan.FromHours(2));
        await _desk.OpenAsync(One);
        _desk.Folder.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((2, 10_800), (await _desk.MetricAsync("spamguard_disclosures_pending"), await _desk.MetricAsync("spamguard_disclosures_oldest_pending_seconds")));
        await _desk.DecideAsync(first, One);
        Assert.Equal((1, 3_600), (await _desk.MetricAsync("spamguard_disclosures_pending"), await _desk.MetricAsync("spamguard_disclosures_oldest_pending_seconds")));
    }

    [Fact]
    public async Task Expired_ByAClockThatIsPutBack_DoesNotComeBackToLife()
    {
        var order = await _desk.OpenAsync(One);
        _desk.Folder.Time.Advance(TimeSpan.FromDays(7));
        await _desk.OpenAsync(One); // the ledger has seen that time

        Assert.Equal(DisclosureState.Expired, _desk.Book.Find(order.Id)!.StateAt(_desk.Now.AddDays(-1)));
    }

    [Fact]
    public async Task Ledger_OfAWholeWay_HoldsNoAddressNoReferenceNoAuthorityAndNoKey()
    {
        await _desk.ScoreAsync(Named);
        var order = await _desk.ApprovedAsync(One);
        await _desk.ExecuteAsync(order, One);
        using var key = OrderKey.Read(order.Key)!;

        var text = _desk.LedgerText + string.Join('\n', _desk.Log.Entries.Select(static entry => entry.Text));

        Assert.Contains(order.Id, text, StringComparison.Ordinal);
        Assert.Contains(key.Commit(One[0]), text, StringComparison.Ordinal);
        Assert.All(
            [Named, "198.18.2", Reference, Authority, order.Key, Convert.ToBase64String([198, 18, 2, 1]), Convert.ToHexString([198, 18, 2, 1])],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Commitments_OfTwoOrdersOfTheSame_HaveNothingInCommon()
    {
        var first = _desk.Book.Find((await _desk.OpenAsync(One)).Id)!.Commitments!;
        var second = _desk.Book.Find((await _desk.OpenAsync(One)).Id)!.Commitments!;

        Assert.Equal(8, new HashSet<string>([first.Key, first.Reference, first.Authority, first.Subjects[0], second.Key, second.Reference, second.Authority, second.Subjects[0]]).Count);
    }

    [Fact]
    public async Task Metrics_FromTheStart_HaveEverySeries()
    {
        foreach (var category in Enum.GetValues<DisclosureCategory>())
        {
            foreach (var outcome in Enum.GetValues<DisclosureOutcome>())
            {
                Assert.Equal(0, await _desk.MetricAsync($"spamguard_disclosures_total{{category=\"{DisclosureEntries.Name(category)}\",outcome=\"{DisclosureEntries.Name(outcome)}\"}}"));
            }
        }
    }

    private string Everything() => JsonSerializer.Serialize(_desk.Book.Latest());
}
