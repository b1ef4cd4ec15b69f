using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>What every store that is a server does alike, looked at from outside: its keys, values and expiries.</summary>
public abstract class ServerStoreContract : SignalStoreContract, IAsyncLifetime
{
    private StoreUnderTest? _server;

    private protected override ISignalStore Store => Server.Store;

    private protected StoreUnderTest Server => _server!;

    public async Task InitializeAsync()
    {
        _server = await OpenAsync();
        await _server.FlushAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private protected abstract Task<StoreUnderTest> OpenAsync();

    [Fact]
    public async Task Keys_OfEveryKind_ExpireWithinTheirCap()
    {
        var now = await NowAsync();
        SubjectItem[] items = [.. Three(now, "cap"), Item(now, SubjectKind.Account, "cap"), Item(now, SubjectKind.Content, "cap")];
        await ObserveAsync(items, Replay("cap", "r1"));
        await ReportAsync(items, spam: true, Once(now, "cap", "d1"));
        foreach (var retention in RetentionClass.Salted)
        {
            await Store.EpochAsync(new EpochId(retention, 1), Epoch(1, 1), now + retention.CapSeconds, default).DefaultTimeout();
        }

        await Store.AddAsync([new AggregateAddition(WidePrefix.FromPacked((4u << 24) | 203), 1, 0, 0), new AggregateAddition(null, 0, 0, 1)], default).DefaultTimeout();

        var said = new OperatorOverride(OverrideId.New(RetentionClass.Network), Key(SubjectKind.Network, "cap"), Verdict.Deny, now, now + RetentionClass.Network.CapSeconds);
        await Server.Overrides.SetAsync(said, [], replicas: 0, default).DefaultTimeout(); // the scorer's account may write them: see SECURITY.md

        var lives = await Server.LivesAsync();

        Assert.Equal(13, lives.Count);
        Assert.Equal(Keys.Kinds.Count, lives.Keys.Select(key => key[3]).Distinct().Count());
        Assert.All(lives, pair => Assert.InRange(pair.Value, 1, Keys.CapSeconds(pair.Key)!.Value * 1000));
        Assert.InRange(lives.Single(pair => pair.Key[3] == 'q').Value, 30_000, 60_000);
    }

    [Fact]
    public async Task Observe_AnotherDayOfTheRecord_DoesNotMoveItsExpiry()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Address, "still")]);
        var first = (await Server.LivesAsync()).Single();

        await ObserveAsync([Item(now, SubjectKind.Address, "still")]);

        Assert.InRange((await Server.LivesAsync()).Single().Value, first.Value - 30_000, first.Value);
    }

    [Fact]
    public async Task Report_NextReporter_ShortensTheLifeOfTheListAndNeverLengthensIt()
    {
        var now = await NowAsync();
        var items = Three(now, "list");
        var list = Encoding.ASCII.GetString(Keys.Reports(items[0].Current.Token));
        async Task<long> LifeAfterAsync(string person, long seconds)
        {
            await ReportAsync(items, spam: true, Once(now, "list", person) with { Deadline = now + seconds });
            return (await Server.LivesAsync())[list];
        }

        Assert.InRange(await LifeAfterAsync("p1", 5000), 4_900_000, 5_000_000);
        Assert.InRange(await LifeAfterAsync("p2", 9000), 4_900_000, 5_000_000);
        Assert.InRange(await LifeAfterAsync("p3", 3000), 2_900_000, 3_000_000);
        Assert.InRange(await LifeAfterAsync("p4", 5000), 2_900_000, 3_000_000);
        var held = ReportList.Read(await Server.Admin.StringGetAsync(list));
        Assert.Equal((4, now + 3000), (held.Count, held.Deadline));
        Assert.True(held.Holds(Token("decision/p1"), spam: true));
        Assert.False(held.Holds(Token("decision/p1"), spam: false));
    }

    [Fact]
    public async Task Report_WhatIsNoList_IsReplaced()
    {
        var now = await NowAsync();
        var items = Three(now, "no list");
        var list = (RedisKey)Keys.Reports(items[0].Current.Token);
        await Server.Admin.ExecuteAsync("PSETEX", list, 60_000, "sh").DefaultTimeout();

        Assert.Equal(ReplyStatus.Counted, (await ReportAsync(items, spam: true, Once(now, "no list", "p1"))).Status);
        Assert.Equal(ReplyStatus.Duplicate, (await ReportAsync(items, spam: true, Once(now, "no list", "p1"))).Status);
        Assert.Equal(1, ReportList.Read(await Server.Admin.StringGetAsync(list)).Count);
    }

    [Theory]
    [InlineData("02000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("01")]
    public async Task Observe_RecordOfAForeignFormat_ReadsAsAbsentAndIsNeverOverwritten(string hex)
    {
        var now = await NowAsync();
        var foreign = Convert.FromHexString(hex);
        var key = Key(SubjectKind.Address, "foreign");
        await Server.Admin.ExecuteAsync("PSETEX", (RedisKey)Keys.Subject(key), 60_000, foreign).DefaultTimeout();

        var observed = await ObserveAsync([Item(now, SubjectKind.Address, "foreign", previous: "foreign"), Item(now, SubjectKind.Network, "foreign")]);
        var reported = await ReportAsync([Item(now, SubjectKind.Address, "foreign")], spam: true);
        var gone = await ReportAsync([Item(now, SubjectKind.Address, "foreign", mayCreate: false)], spam: true);

        Assert.Equal(default, observed.Records[0]);
        Assert.Equal(default, reported.Records[0]);
        Assert.Equal(ReplyStatus.Gone, gone.Status);
        Assert.False((await ReadAsync(key)).Exists);
        Assert.True((await ReadAsync(Key(SubjectKind.Network, "foreign"))).Exists);
        Assert.Equal(foreign, (byte[]?)await Server.Admin.StringGetAsync(Keys.Subject(key)));
    }

    [Fact]
    public async Task Refused_ForABadDeadline_LeavesNoKeyAtAll()
    {
        var now = await NowAsync();
        var items = Three(now, "none");
        items[0] = items[0] with { Deadline = now + RetentionClass.Address.CapSeconds + 60 };

        await Assert.ThrowsAsync<StoreException>(() => Store.ObserveAsync([new ObservedEvent([items[0]], Replay("none", "r1"))], default).DefaultTimeout());
        await Assert.ThrowsAsync<StoreException>(() => Store.ReportAsync([new ReportedEvent([items[0]], true, Once(now, "none", "d1"))], default).DefaultTimeout());

        Assert.Empty(await Server.LivesAsync());
    }

    [Fact]
    public async Task Add_NothingToAdd_OnlyReads()
    {
        await Store.AddAsync([new AggregateAddition(null, 0, 0, 0)], default).DefaultTimeout();
        Assert.Empty(await Server.LivesAsync());

        await Store.AddAsync([new AggregateAddition(null, 0, 0, 5)], default).DefaultTimeout();
        await Server.Admin.ExecuteAsync("PEXPIRE", (RedisKey)"sg:w:all", 60_000).DefaultTimeout();
        await Store.AddAsync([new AggregateAddition(null, 0, 0, 0)], default).DefaultTimeout();

        Assert.InRange((await Server.LivesAsync()).Single().Value, 1, 60_000);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("1 2 3")]
    [InlineData("20000 nan nan 1 1 1")]
    [InlineData("20000 inf 1 1 1 1")]
    [InlineData("20000 1 -1 1 1 1")]
    [InlineData("99999999 1 1 1 1 1")]
    [InlineData("20000.5 1 1 1 1 1")]
    [InlineData("20000 1 1 1 1 1 1")]
    [InlineData("")]
    public async Task Add_WhereAValueCanNotBeRead_TakesItForNoneAndCountsTheOthers(string garbage)
    {
        var wide = WidePrefix.FromPacked((4u << 24) | 198);
        await Store.AddAsync([new AggregateAddition(wide, 1, 0, 1)], default).DefaultTimeout();
        await Server.Admin.ExecuteAsync("PSETEX", (RedisKey)"sg:w:all", 60_000, garbage).DefaultTimeout();

        var totals = await Store.AddAsync([new AggregateAddition(wide, 1, 0, 1), new AggregateAddition(null, 2, 0, 3)], default).DefaultTimeout();

        Assert.Equal((2, 2), (totals[0].Spam, totals[0].Today));
        Assert.Equal((2, 3), (totals[1].Spam, totals[1].Today));
    }

    [Fact]
    public async Task Add_MoreThanOneCallHolds_IsAnsweredInOrder()
    {
        const int Prefixes = (2 * RedisSignalStore.MaxAggregates) + 7;
        var additions = Enumerable.Range(0, Prefixes).Select(i => new AggregateAddition(WidePrefix.FromPacked((6u << 24) | (uint)i), 0, 0, i)).ToList();

        var totals = await Store.AddAsync(additions, default).DefaultTimeout();

        Assert.Equal(Enumerable.Range(0, Prefixes), totals.Select(total => (int)total.Today));
    }

    [Fact]
    public async Task Add_OverDays_FadesAsFadingCountsDo()
    {
        const long Day = SignalRecord.DaySeconds;
        var now = await NowAsync();
        FadingCounts expected = default;
        foreach (var (after, spam, ham, events) in new[] { (0L, .3, 1.7, 1e6), (Day, 0, .1, 3), (Day + 5, 2, 0, 7), (4 * Day, 0, 0, 1), (5 * Day, 1e-9, 0, 2), (3 * Day, 0, 0, 4) })
        {
            expected.Roll(now + after);
            expected.Spam += spam;
            expected.Ham += ham;
            expected.Today += events;

            var total = Assert.Single(await Server.At(now + after).AddAsync([new AggregateAddition(null, spam, ham, events)], default).DefaultTimeout());

            Assert.Equal(expected.Day, total.Day);
            foreach (var (wanted, found) in new[]
            {
                (expected.Spam, total.Spam), (expected.Ham, total.Ham), (expected.Older, total.Older),
                (expected.Yesterday, total.Yesterday), (expected.Today, total.Today),
            })
            {
                Assert.InRange(Math.Abs(wanted - found), 0, 1e-9 * Math.Max(1, wanted));
            }
        }
    }

    [Fact]
    public async Task Epoch_RecordOfAForeignLength_IsNotOverwrittenAndReadsAsMalformed()
    {
        var epoch = new EpochId(RetentionClass.Address, 77);
        await Server.Admin.ExecuteAsync("PSETEX", (RedisKey)Keys.Epoch(epoch), 60_000, "foreign").DefaultTimeout();
        var deadline = await NowAsync() + 3600;

        var failure = await Assert.ThrowsAsync<StoreException>(() => Store.EpochAsync(epoch, Epoch(9, 9), deadline, default).DefaultTimeout());

        Assert.Equal(StoreFailure.Malformed, failure.Failure);
        Assert.Equal("foreign", (string?)await Server.Admin.StringGetAsync(Keys.Epoch(epoch)));
    }

    [Fact]
    public async Task Observe_AfterTheScriptsWereForgotten_BringsThemAgain()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Address, "again")]);
        foreach (var server in Server.AdminConnection.GetServers())
        {
            await server.ExecuteAsync("SCRIPT", "FLUSH").DefaultTimeout();
        }

        await ObserveAsync([Item(now, SubjectKind.Address, "again")]);

        Assert.Equal(2, (await ReadAsync(Key(SubjectKind.Address, "again"))).Today);
    }

    [Fact]
    public async Task Observe_FullBatch_IsCounted()
    {
        var now = await NowAsync();
        var events = Enumerable.Range(0, RedisSignalStore.MaxEvents)
            .Select(i => new ObservedEvent(
                [Item(now, SubjectKind.Address, $"b{i}", previous: $"p{i}"), Item(now, SubjectKind.Network, $"b{i}", previous: $"p{i}"), Item(now, SubjectKind.Region, "b", previous: "p"), Item(now, SubjectKind.Content, $"b{i}", previous: $"p{i}"), Item(now, SubjectKind.Account, $"b{i}", previous: $"p{i}")],
                Replay($"b{i}", $"r{i}", context: Encoding.UTF8.GetString(new byte[40]))))
            .ToList();

        var replies = await Store.ObserveAsync(events, default).DefaultTimeout();

        Assert.All(replies, reply => Assert.Equal(ReplyStatus.Counted, reply.Status));
        Assert.Equal(RedisSignalStore.MaxEvents, (await ReadAsync(Key(SubjectKind.Region, "b"))).Today);
    }
}
