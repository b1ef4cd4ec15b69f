using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>What every store does alike. Each test uses subjects of its own name.</summary>
public abstract class SignalStoreContract
{
    private protected abstract ISignalStore Store { get; }

    /// <summary>Whether a retry gets the first call's records of every level back. In a cluster only those of the address.</summary>
    private protected virtual bool ReplaysEveryLevel => true;

    [Fact]
    public async Task Observe_NewSubjects_CountsThemAndAnswersThatNoneWasThere()
    {
        var now = await NowAsync();

        var reply = await ObserveAsync(Three(now, "new", member: 4));

        Assert.Equal(ReplyStatus.Counted, reply.Status);
        Assert.InRange(reply.Now, now, now + 5);
        Assert.Equal(3, reply.Records.Count);
        Assert.All(reply.Records, pair => Assert.Equal(default, pair));
        foreach (var item in Three(now, "new", member: 4))
        {
            SignalRecord expected = default;
            expected.CountEvent(reply.Now, item.Member, item.FastCharge, item.SlowCharge);
            Assert.Equal(expected, await ReadAsync(item.Current));
        }
    }

    [Fact]
    public async Task Observe_NextEvent_AnswersTheRecordsAsTheyWereBefore()
    {
        var now = await NowAsync();
        await ObserveAsync(Three(now, "next", member: 1));
        var before = await ReadAsync(Key(SubjectKind.Address, "next"));

        var reply = await ObserveAsync(Three(now, "next", member: 2));

        Assert.Equal(before, reply.Records[0].Current);
        Assert.Equal(2, (await ReadAsync(Key(SubjectKind.Address, "next"))).Today);
    }

    [Fact]
    public async Task Observe_KnownMember_CountsNothing()
    {
        var now = await NowAsync();
        await ObserveAsync(Three(now, "known", member: 8));
        var before = await ReadAsync(Key(SubjectKind.Network, "known"));

        await ObserveAsync(Three(now, "known", member: 8));

        Assert.Equal(before, await ReadAsync(Key(SubjectKind.Network, "known")));
    }

    [Fact]
    public async Task Observe_PreviousRecord_IsReadAndNotTouched()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Address, "old", member: 1)]);
        var old = await ReadAsync(Key(SubjectKind.Address, "old"));

        var reply = await ObserveAsync([Item(now, SubjectKind.Address, "young", member: 1, previous: "old")]);

        Assert.Equal(old, reply.Records[0].Previous);
        Assert.Equal(default, reply.Records[0].Current);
        Assert.Equal(old, await ReadAsync(Key(SubjectKind.Address, "old")));
    }

    [Fact]
    public async Task Observe_UpdateOnlyItemWithoutRecord_IsNotCreated()
    {
        var now = await NowAsync();

        var reply = await ObserveAsync([
            Item(now, SubjectKind.Address, "closed", mayCreate: false),
            Item(now, SubjectKind.Network, "closed")]);

        Assert.Equal(ReplyStatus.Counted, reply.Status);
        Assert.False((await ReadAsync(Key(SubjectKind.Address, "closed"))).Exists);
        Assert.True((await ReadAsync(Key(SubjectKind.Network, "closed"))).Exists);
    }

    [Fact]
    public async Task Observe_TenEventsInOneCall_EqualTenCalls()
    {
        var now = await NowAsync();
        ObservedEvent[] Events(string name) =>
            [.. Enumerable.Range(0, 10).Select(i => new ObservedEvent([Item(now, SubjectKind.Address, name, member: 1u << (i % 7), slow: 0, fast: 0), Item(now, SubjectKind.Network, name, slow: 0, fast: 0)], null))];

        var together = await Store.ObserveAsync(Events("together"), default).DefaultTimeout();
        var singles = new List<EventReply>();
        foreach (var single in Events("apart"))
        {
            singles.Add(await ObserveAsync(single.Items));
        }

        Assert.Equal(singles.Select(reply => reply.Records), together.Select(reply => reply.Records));
        Assert.Equal(await ReadAsync(Key(SubjectKind.Address, "apart")), await ReadAsync(Key(SubjectKind.Address, "together")));
        Assert.Equal(10, (await ReadAsync(Key(SubjectKind.Network, "together"))).Today);
    }

    [Fact]
    public async Task Observe_SubjectTwiceInOneEvent_CountsBoth()
    {
        var now = await NowAsync();

        await ObserveAsync([Item(now, SubjectKind.Address, "twice", member: 1), Item(now, SubjectKind.Address, "twice", member: 2)]);

        Assert.Equal(2, (await ReadAsync(Key(SubjectKind.Address, "twice"))).Today);
    }

    [Fact]
    public async Task Observe_Retry_CountsNothingAndAnswersTheFirstReplyAndContext()
    {
        var now = await NowAsync();
        await ObserveAsync(Three(now, "retry", member: 1));
        var first = await ObserveAsync(Three(now, "retry", member: 2), Replay("retry", "r1", context: "first"));
        var counted = await ReadAsync(Key(SubjectKind.Address, "retry"));

        var second = await ObserveAsync(Three(now, "retry", member: 2), Replay("retry", "r1", context: "second"));

        Assert.Equal(ReplyStatus.Counted, first.Status);
        Assert.Equal(ReplyStatus.Replayed, second.Status);
        Assert.Equal("first", Encoding.UTF8.GetString(second.Context.Span));
        Assert.Equal(first.Now, second.Now);
        Assert.Equal(first.Records[0], second.Records[0]);
        if (ReplaysEveryLevel)
        {
            Assert.Equal(first.Records, second.Records);
        }

        Assert.Equal(counted, await ReadAsync(Key(SubjectKind.Address, "retry")));
    }

    [Fact]
    public async Task Observe_RetryInTheSameCall_CountsOnce()
    {
        var now = await NowAsync();
        var observed = new ObservedEvent([Item(now, SubjectKind.Address, "pair")], Replay("pair", "r1"));

        var replies = await Store.ObserveAsync([observed, observed], default).DefaultTimeout();

        Assert.Equal([ReplyStatus.Counted, ReplyStatus.Replayed], replies.Select(reply => reply.Status));
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Address, "pair"))).Today);
    }

    [Fact]
    public async Task Observe_RequestIdOfAnotherEvent_IsRefusedAndCountsNothing()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Address, "other")], Replay("other", "r1", fingerprint: 1));

        var reply = await ObserveAsync([Item(now, SubjectKind.Address, "other")], Replay("other", "r1", fingerprint: 2));

        Assert.Equal(ReplyStatus.OtherEvent, reply.Status);
        Assert.Empty(reply.Records);
        Assert.True(reply.Context.IsEmpty);
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Address, "other"))).Today);
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(1, -1)]
    [InlineData(2, -1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(1, -int.MaxValue)]
    public async Task Observe_OneDeadlinePastOrOverItsCap_RefusesAndWritesNothing(int position, int beyond)
    {
        var now = await NowAsync();
        var name = $"deadline {position} {beyond}";
        var items = Bent(Three(now, name), position, now, beyond);

        var failure = await Assert.ThrowsAsync<StoreException>(() => ObserveAsync(items, Replay(name, "r1")).DefaultTimeout());

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        await AssertNoneAsync(items, position);
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(2, 1)]
    public async Task Report_OneDeadlinePastOrOverItsCap_RefusesAndWritesNothing(int position, int beyond)
    {
        var now = await NowAsync();
        var items = Bent(Three(now, $"report deadline {position}"), position, now, beyond);

        var failure = await Assert.ThrowsAsync<StoreException>(() => ReportAsync(items, spam: true).DefaultTimeout());

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        await AssertNoneAsync(items, position);
    }

    [Fact]
    public async Task Report_GuardBeyondItsCap_RefusesAndWritesNothing()
    {
        var now = await NowAsync();
        var once = Once(now, "guard", "d1") with { Deadline = now + RetentionClass.Address.CapSeconds + 60 };

        var failure = await Assert.ThrowsAsync<StoreException>(() => ReportAsync(Three(now, "guard"), spam: true, once).DefaultTimeout());

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        Assert.False((await ReadAsync(Key(SubjectKind.Address, "guard"))).Exists);
    }

    [Fact]
    public async Task Report_EachLabelOnce_CountsItAndNothingOnTheSecond()
    {
        var now = await NowAsync();
        await ObserveAsync(Three(now, "labels"));
        var items = Three(now, "labels", member: 16, mayCreate: false);
        var once = Once(now, "labels", "d1");

        ReplyStatus[] statuses =
        [
            (await ReportAsync(items, spam: true, once)).Status,
            (await ReportAsync(items, spam: true, once)).Status,
            (await ReportAsync(items, spam: false, once)).Status,
            (await ReportAsync(items, spam: false, once)).Status,
            (await ReportAsync(items, spam: true, once)).Status,
        ];

        Assert.Equal([ReplyStatus.Counted, ReplyStatus.Duplicate, ReplyStatus.Counted, ReplyStatus.Duplicate, ReplyStatus.Duplicate], statuses);
        foreach (var item in items)
        {
            var record = await ReadAsync(item.Current);
            Assert.Equal((1, 1, 16u, 16u), (record.Spam, record.Ham, record.Blamed, record.Praised));
        }
    }

    [Fact]
    public async Task Report_MoreReportersThanAListHolds_ForgetsTheOldest()
    {
        var now = await NowAsync();
        var items = Three(now, "crowd");
        for (var from = 0; from <= ReportList.MaxEntries; from += 205)
        {
            var reports = Enumerable.Range(from, 205).Select(i => new ReportedEvent(items, true, Once(now, "crowd", $"p{i}"))).ToList();
            Assert.All(await Store.ReportAsync(reports, default).DefaultTimeout(), reply => Assert.Equal(ReplyStatus.Counted, reply.Status));
        }

        Assert.Equal(ReplyStatus.Duplicate, (await ReportAsync(items, spam: true, Once(now, "crowd", $"p{ReportList.RoomEntries}"))).Status);
        Assert.Equal(ReplyStatus.Duplicate, (await ReportAsync(items, spam: true, Once(now, "crowd", $"p{ReportList.MaxEntries}"))).Status);
        Assert.Equal(ReplyStatus.Counted, (await ReportAsync(items, spam: true, Once(now, "crowd", $"p{ReportList.RoomEntries - 1}"))).Status);
        Assert.Equal(1026, (await ReadAsync(items[0].Current)).Spam);
    }

    [Fact]
    public async Task Report_IdThatStandsAcrossTwoEntries_IsAnIdOfItsOwn()
    {
        var now = await NowAsync();
        var items = Three(now, "across");
        var address = items[0].Current.Token;
        ReportGuard Of(params ReadOnlySpan<byte> id) => new(address, new SubjectToken(id), now + 3600);

        await ReportAsync(items, spam: true, Of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));

        Assert.Equal(ReplyStatus.Counted, (await ReportAsync(items, spam: true, Of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1))).Status);
        Assert.Equal(ReplyStatus.Duplicate, (await ReportAsync(items, spam: true, Of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1))).Status);
        Assert.Equal(ReplyStatus.Duplicate, (await ReportAsync(items, spam: true, Of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))).Status);
    }

    [Fact]
    public async Task Report_AddressGone_CountsNothingAtAnyLevelAndMayComeAgain()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Network, "gone")]);
        var network = await ReadAsync(Key(SubjectKind.Network, "gone"));
        var once = Once(now, "gone", "d1");

        var gone = await ReportAsync(Three(now, "gone", mayCreate: false), spam: true, once);

        Assert.Equal(ReplyStatus.Gone, gone.Status);
        Assert.Empty(gone.Records);
        Assert.Equal(network, await ReadAsync(Key(SubjectKind.Network, "gone")));
        await ObserveAsync([Item(now, SubjectKind.Address, "gone")]);
        Assert.Equal(ReplyStatus.Counted, (await ReportAsync(Three(now, "gone", mayCreate: false), spam: true, once)).Status);
    }

    [Fact]
    public async Task Report_OnlyTheNetworkGone_CountsTheRest()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Address, "half"), Item(now, SubjectKind.Region, "half")]);

        var reply = await ReportAsync(Three(now, "half", mayCreate: false), spam: false);

        Assert.Equal(ReplyStatus.Counted, reply.Status);
        Assert.Equal(3, reply.Records.Count);
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Address, "half"))).Ham);
        Assert.False((await ReadAsync(Key(SubjectKind.Network, "half"))).Exists);
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Region, "half"))).Ham);
    }

    [Fact]
    public async Task Report_SeveralInOneCall_EachGetsItsOwnStatusAndRecords()
    {
        var now = await NowAsync();
        await ObserveAsync(Three(now, "one", member: 1));
        await ObserveAsync(Three(now, "two", member: 2));
        ReportedEvent Of(string name, bool spam) => new(Three(now, name, member: 4, mayCreate: false), spam, Once(now, name, "d1"));

        var replies = await Store.ReportAsync([Of("one", true), Of("nobody", true), Of("two", false), Of("one", true), Of("one", false)], default).DefaultTimeout();

        Assert.Equal(
            [ReplyStatus.Counted, ReplyStatus.Gone, ReplyStatus.Counted, ReplyStatus.Duplicate, ReplyStatus.Counted],
            replies.Select(reply => reply.Status));
        Assert.All(replies[0].Records, pair => Assert.Equal((1u, 0), (pair.Current.Met, pair.Current.Spam)));
        Assert.All(replies[2].Records, pair => Assert.Equal((2u, 0), (pair.Current.Met, pair.Current.Spam)));
        Assert.All(replies[4].Records, pair => Assert.Equal((1u, 1), (pair.Current.Met, pair.Current.Spam)));
        foreach (var item in Three(now, "one"))
        {
            var record = await ReadAsync(item.Current);
            Assert.Equal((1, 1), (record.Spam, record.Ham));
        }

        Assert.False((await ReadAsync(Key(SubjectKind.Network, "nobody"))).Exists);
    }

    [Fact]
    public async Task Calls_WithNothingInThem_AnswerNothing()
    {
        Assert.Empty(await Store.ObserveAsync([], default).DefaultTimeout());
        Assert.Empty(await Store.ReportAsync([], default).DefaultTimeout());
        Assert.Empty(await Store.ReadAsync([], default).DefaultTimeout());
        Assert.Empty(await Store.AddAsync([], default).DefaultTimeout());
    }

    [Fact]
    public async Task Read_SubjectOfNoEpoch_IsAbsent()
    {
        var now = await NowAsync();
        await ObserveAsync([Item(now, SubjectKind.Content, "read")]);

        var records = await Store.ReadAsync([default, Key(SubjectKind.Content, "read"), Key(SubjectKind.Account, "nobody")], default).DefaultTimeout();

        Assert.Equal([false, true, false], records.Select(record => record.Exists));
    }

    [Fact]
    public async Task Epoch_PlantedOnce_IsAdoptedUntilAHigherGenerationComes()
    {
        var epoch = new EpochId(RetentionClass.Address, 5_001);
        var deadline = await NowAsync() + RetentionClass.Address.CapSeconds;

        Assert.Null(await EpochAsync(epoch, null, deadline));
        AssertSame(Epoch(256, 1), await EpochAsync(epoch, Epoch(256, 1), deadline));
        AssertSame(Epoch(256, 1), await EpochAsync(epoch, Epoch(256, 2), deadline));
        AssertSame(Epoch(256, 1), await EpochAsync(epoch, Epoch(255, 3), deadline));
        AssertSame(Epoch(256, 1), await EpochAsync(epoch, null, deadline));
        AssertSame(Epoch(257, 4), await EpochAsync(epoch, Epoch(257, 4), deadline));
        AssertSame(Epoch(257, 4), await EpochAsync(epoch, null, 0));
        AssertSame(Epoch(0x8000_0001, 5), await EpochAsync(epoch, Epoch(0x8000_0001, 5), deadline));
        AssertSame(Epoch(0x8000_0001, 5), await EpochAsync(epoch, Epoch(0x7FFF_FFFF, 6), deadline));
        AssertSame(Epoch(uint.MaxValue, 7), await EpochAsync(epoch, Epoch(uint.MaxValue, 7), deadline));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Epoch_DeadlinePastOrOverTheCap_IsRefused(int beyond)
    {
        var now = await NowAsync();
        var epoch = new EpochId(RetentionClass.Network, 6_000 + beyond);
        var deadline = beyond < 0 ? now - 60 : now + RetentionClass.Network.CapSeconds + Keys.SaltGraceSeconds + 60;

        var failure = await Assert.ThrowsAsync<StoreException>(() => EpochAsync(epoch, Epoch(1, 1), deadline));

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        Assert.Null(await EpochAsync(epoch, null, deadline));
    }

    [Fact]
    public async Task Add_SeveralTimes_AnswersTheTotals()
    {
        var wide = WidePrefix.FromPacked((4u << 24) | 198);
        var before = await Store.AddAsync([new AggregateAddition(null, 0, 0, 0)], default).DefaultTimeout();

        await Store.AddAsync([new AggregateAddition(wide, 1.25, 0, 3), new AggregateAddition(null, .1, .2, 1)], default).DefaultTimeout();
        var totals = await Store.AddAsync([new AggregateAddition(wide, 0, 1, 1e9), new AggregateAddition(null, 0, 0, 0)], default).DefaultTimeout();

        Assert.Equal((1.25, 1d, 1e9 + 3), (totals[0].Spam, totals[0].Ham, totals[0].Today));
        Assert.Equal(await NowAsync() / SignalRecord.DaySeconds, totals[0].Day);
        Assert.Equal(before[0].Spam + .1, totals[1].Spam, 1e-9);
        Assert.Equal(before[0].Ham + .2, totals[1].Ham, 1e-9);
    }

    private protected async Task<long> NowAsync() => await Store.TimeAsync(default).DefaultTimeout() / 1000;

    private protected async Task<EventReply> ObserveAsync(SubjectItem[] items, ReplayGuard? replay = null) =>
        Assert.Single(await Store.ObserveAsync([new ObservedEvent(items, replay)], default).DefaultTimeout());

    private protected async Task<EventReply> ReportAsync(SubjectItem[] items, bool spam, ReportGuard? once = null) =>
        Assert.Single(await Store.ReportAsync([new ReportedEvent(items, spam, once)], default).DefaultTimeout());

    private protected async Task<SignalRecord> ReadAsync(SubjectKey key) =>
        Assert.Single(await Store.ReadAsync([key], default).DefaultTimeout());

    private Task<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline) =>
        Store.EpochAsync(epoch, candidate, deadline, default).DefaultTimeout();

    // In a cluster only what lies in the slot of the bad deadline is refused as a whole.
    private async Task AssertNoneAsync(SubjectItem[] items, int position)
    {
        foreach (var item in ReplaysEveryLevel ? items : [items[position]])
        {
            Assert.False((await ReadAsync(item.Current)).Exists);
        }
    }

    private static SubjectItem[] Bent(SubjectItem[] items, int position, long now, int beyond)
    {
        var cap = items[position].Current.Kind.Class().CapSeconds;
        var deadline = beyond switch
        {
            int.MaxValue => long.MaxValue / 2000,
            -int.MaxValue => -1,
            < 0 => now - 60,
            _ => now + cap + 60,
        };
        items[position] = items[position] with { Deadline = deadline };
        return items;
    }

    private static void AssertSame(EpochRecord expected, EpochRecord? actual) => Assert.Equal(expected.Pack(), actual?.Pack());
}
