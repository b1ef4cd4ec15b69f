using SpamGuard.Addresses;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Overriding;

public sealed class OverrideSnapshotTests
{
    private const long Now = 1000;

    private static readonly SubjectItem[] Subjects =
    [
        Item(SubjectKind.Address, 1, 11), Item(SubjectKind.Network, 2, 12), Item(SubjectKind.Region, 3, 13), Item(SubjectKind.Account, 4, 14), Item(SubjectKind.Content, 5, 15),
    ];

    [Theory]
    [InlineData(SubjectKind.Address, 1)]
    [InlineData(SubjectKind.Address, 11)]
    [InlineData(SubjectKind.Network, 2)]
    [InlineData(SubjectKind.Network, 12)]
    [InlineData(SubjectKind.Region, 3)]
    [InlineData(SubjectKind.Region, 13)]
    internal void Find_TokenOfTheCurrentEpochOrTheOneBefore_IsFound(SubjectKind kind, byte token)
    {
        var said = Said(kind, token, Verdict.Deny);

        Assert.Equal(said, new OverrideSnapshot([said]).Find(Subjects, Now));
    }

    [Theory]
    [InlineData(SubjectKind.Address, 2)]
    [InlineData(SubjectKind.Network, 1)]
    [InlineData(SubjectKind.Account, 4)]
    [InlineData(SubjectKind.Content, 15)]
    [InlineData(SubjectKind.Region, 99)]
    internal void Find_TokenOfSomethingElse_IsNone(SubjectKind kind, byte token) =>
        Assert.Null(new OverrideSnapshot([Said(kind, token, Verdict.Deny)]).Find(Subjects, Now));

    [Fact]
    public void Find_SeveralLevels_TakesTheNarrowest()
    {
        var (address, network, region) = (Said(SubjectKind.Address, 11, Verdict.Allow), Said(SubjectKind.Network, 2, Verdict.Deny), Said(SubjectKind.Region, 3, Verdict.Challenge));

        Assert.Equal(address, new OverrideSnapshot([region, network, address]).Find(Subjects, Now));
        Assert.Equal(network, new OverrideSnapshot([region, network]).Find(Subjects, Now));
        Assert.Equal(region, new OverrideSnapshot([region]).Find(Subjects, Now));
    }

    [Theory]
    [InlineData(1, 11)]
    [InlineData(11, 1)]
    [InlineData(1, 1)]
    public void Find_TwoOfOneSubject_TakesTheLater(byte first, byte second)
    {
        var earlier = Said(SubjectKind.Address, first, Verdict.Deny) with { SetTime = 500 };
        var later = Said(SubjectKind.Address, second, Verdict.Allow) with { SetTime = 501, Id = new OverrideId(RetentionClass.Address, 2) };

        Assert.Equal(later, new OverrideSnapshot([earlier, later]).Find(Subjects, Now));
        Assert.Equal(later, new OverrideSnapshot([later, earlier]).Find([Subjects[0].Current, Subjects[0].Previous], Now));
    }

    [Fact]
    public void Find_AtItsEnd_IsNoneAndTheNextWiderOneCounts()
    {
        var (address, network) = (Said(SubjectKind.Address, 1, Verdict.Allow) with { ExpireTime = Now + 1 }, Said(SubjectKind.Network, 2, Verdict.Deny));
        var snapshot = new OverrideSnapshot([address, network]);

        Assert.Equal(address, snapshot.Find(Subjects, Now));
        Assert.Equal(network, snapshot.Find(Subjects, Now + 1));
    }

    [Fact]
    public void Find_SubjectWithoutAnEpochBefore_IsNone() =>
        Assert.Null(new OverrideSnapshot([Said(SubjectKind.Address, 1, Verdict.Deny)]).Find([new SubjectItem(Key(SubjectKind.Address, 9), default, 0, true, 0, 0, 0)], Now));

    [Fact]
    public void Find_EmptyOrNot_AllocatesNothing()
    {
        var live = new LiveOverrides(new StoreClock(TimeProvider.System));
        Assert.True(live.Current.IsEmpty);
        Assert.Equal(0, Allocated(live));

        live.Apply(new OverrideSnapshot([Said(SubjectKind.Region, 3, Verdict.Deny) with { ExpireTime = uint.MaxValue }]));
        Assert.Equal(0, Allocated(live));
        Assert.NotNull(live.Find(Subjects));
    }

    private static long Allocated(LiveOverrides live)
    {
        live.Find(Subjects);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            live.Find(Subjects);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static OperatorOverride Said(SubjectKind kind, byte token, Verdict verdict) =>
        new(new OverrideId(kind.Class(), token), Key(kind, token), verdict, SetTime: 500, ExpireTime: 2000);

    private static SubjectItem Item(SubjectKind kind, byte current, byte previous) => new(Key(kind, current), Key(kind, previous), 0, MayCreate: true, 0, 0, 0);

    private static SubjectKey Key(SubjectKind kind, byte token) => new(kind, new SubjectToken([.. Enumerable.Repeat(token, SubjectToken.Size)]));
}
