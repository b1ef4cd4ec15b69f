using Prometheus;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage.InProcess;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Epochs;

public sealed class EventFootprintTests
{
    private static readonly ScoringPolicy Memory = ScoringPolicy.Default with { AccountMemory = true, ContentMemory = true };

    [Fact]
    public async Task Of_AMessageWithMemory_HasEverySubjectInOrderAndItsMembers()
    {
        var live = await LiveAsync();
        var footprint = Of(EventKind.Message, "198.18.7.9", "a", "c", live, Memory);

        Assert.Equal(Enum.GetValues<SubjectKind>(), footprint.Subjects.Select(subject => subject.Current.Kind));
        Assert.Equal([false, false, false, true, false], footprint.Subjects.Select(subject => subject.Member == SignalRecord.Nobody));
        Assert.Equal([(0, -300), (0, -300), (0, 0), (60, 0), (0, 0)], footprint.Subjects.Select(subject => (subject.FastCharge, subject.SlowCharge)));
        Assert.All(footprint.Subjects, subject => Assert.False(subject.Previous.IsNone));
        Assert.Equal(10, footprint.Subjects.SelectMany(subject => new[] { subject.Current.Token, subject.Previous.Token }).Distinct().Count());
    }

    [Fact]
    public async Task Of_ASignUp_CountsWhoeverItIsForAndLeavesTheContentOut()
    {
        var live = await LiveAsync();
        var footprint = Of(EventKind.SignUp, "198.18.7.9", "a", "c", live, Memory);

        Assert.Equal(4, footprint.Subjects.Length);
        Assert.NotEqual(SignalRecord.Nobody, footprint.Subjects[0].ReportedMember); // for a report it is the account
        Assert.Equal(SignalRecord.Nobody, footprint.Subjects[0].Member);
        Assert.Equal([(60, 3600), (300, 3600), (0, 0), (0, 0)], footprint.Subjects.Select(item => (item.FastCharge, item.SlowCharge)));
        Assert.All(footprint.Subjects, item => Assert.True(item.MayCreate));
    }

    [Fact]
    public async Task Of_AContentWithoutAnAccount_TakesTheAddressAsMember()
    {
        var live = await LiveAsync();
        var one = Of(EventKind.Message, "198.18.7.9", "", "c", live, Memory);
        var same = Of(EventKind.Message, "198.18.7.9", "", "c", live, Memory);
        var members = Enumerable.Range(0, 50).Select(i => Of(EventKind.Message, $"198.18.7.{i}", "", "c", live, Memory).Subjects[^1].Member);

        Assert.Equal(SubjectKind.Content, one.Subjects[^1].Current.Kind);
        Assert.Equal(SignalRecord.Nobody, one.Subjects[0].Member);
        Assert.Equal(one.Subjects[^1].Member, same.Subjects[^1].Member);
        Assert.True(members.Distinct().Count() > 15);
    }

    [Fact]
    public async Task Of_OneAddressOfANetwork_IsOneMemberWhateverItsAccounts()
    {
        var live = await LiveAsync();
        var one = Of(EventKind.Message, "198.18.7.9", "a", "", live, ScoringPolicy.Default);
        var other = Of(EventKind.Message, "198.18.7.9", "b", "", live, ScoringPolicy.Default);

        Assert.Equal(one.Subjects[1].Member, other.Subjects[1].Member);
        Assert.Equal(one.Subjects[2].Member, other.Subjects[2].Member);
        Assert.NotEqual(one.Subjects[1].Member, one.Subjects[1].PreviousMember); // keyed by each epoch's salt (this pair differs under this seed)
    }

    [Fact]
    public async Task Of_TheFirstEpochThereIs_HasNoPreviousRecords()
    {
        var live = await LiveAsync(epochs: 1);
        var footprint = Of(EventKind.Message, "198.18.7.9", "", "", live, ScoringPolicy.Default);
        Assert.All(footprint.Subjects, subject => Assert.True(subject.Previous.IsNone));
        Assert.Equal(3, footprint.Keys().Count);
    }

    private static EventFootprint Of(EventKind kind, string address, string account, string content, LiveEpochs live, ScoringPolicy policy) => EventFootprint.Of(
        kind, Address(address), System.Text.Encoding.UTF8.GetBytes(account), System.Text.Encoding.UTF8.GetBytes(content), [], live, policy);

    private static async Task<LiveEpochs> LiveAsync(int epochs = 2)
    {
        var clock = new VirtualClock();
        var random = new Random(7);
        var keeper = new EpochKeeper(
            new InProcessSignalStore(clock),
            new PepperRing(new byte[PepperRing.PepperSize]),
            new EpochCalendar(),
            new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())),
            random.NextBytes);
        var now = Start.ToUnixTimeSeconds();
        for (var i = 0; i < epochs; i++, now += RetentionClass.Network.EpochSeconds)
        {
            clock.Set(DateTimeOffset.FromUnixTimeSeconds(now));
            await keeper.RefreshAsync(now, default);
            if (i > 0)
            {
                clock.Set(DateTimeOffset.FromUnixTimeSeconds(now - RetentionClass.Address.EpochSeconds));
                await keeper.RefreshAsync(now - RetentionClass.Address.EpochSeconds, default);
                clock.Set(DateTimeOffset.FromUnixTimeSeconds(now));
                await keeper.RefreshAsync(now, default);
            }
        }

        return keeper.Live(now - RetentionClass.Network.EpochSeconds) ?? throw new InvalidOperationException("No epochs.");
    }
}
