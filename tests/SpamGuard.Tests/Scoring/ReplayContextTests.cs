using System.Buffers.Binary;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Scoring;

public sealed class ReplayContextTests
{
    private const int ContextSize = 89;

    private static readonly SubjectKind[] WithoutAccount = [SubjectKind.Address, SubjectKind.Network, SubjectKind.Region, SubjectKind.Content];

    [Fact]
    public void Restore_AfterAMemoryWasSwitchedOn_GivesEachSubjectItsOwnRecord()
    {
        var footprint = Footprint(Enum.GetValues<SubjectKind>());
        var reply = new EventReply(ReplyStatus.Replayed, 1_770_000_000, Records(WithoutAccount), Context(WithoutAccount));

        var situation = ReplayContext.Restore(footprint, reply);

        Assert.Equal([1, 2, 3, 0, 5], Enum.GetValues<SubjectKind>().Select(kind => situation.Subjects[(int)kind].Current.Spam));
    }

    [Fact]
    public void Restore_AfterAMemoryWasSwitchedOff_GivesEachSubjectItsOwnRecord()
    {
        var footprint = Footprint(WithoutAccount);
        var reply = new EventReply(ReplyStatus.Replayed, 1_770_000_000, Records(Enum.GetValues<SubjectKind>()), Context(Enum.GetValues<SubjectKind>()));

        var situation = ReplayContext.Restore(footprint, reply);

        Assert.Equal([1, 2, 3, 0, 5], Enum.GetValues<SubjectKind>().Select(kind => situation.Subjects[(int)kind].Current.Spam));
    }

    [Fact]
    public void Restore_WhereOtherSlotsAnsweredByThisCallsSubjects_TakesTheirOrder()
    {
        var footprint = Footprint(Enum.GetValues<SubjectKind>());
        var reply = new EventReply(ReplyStatus.Replayed, 1_770_000_000, Records(Enum.GetValues<SubjectKind>()), Context(WithoutAccount));

        var situation = ReplayContext.Restore(footprint, reply);

        Assert.Equal([1, 2, 3, 4, 5], Enum.GetValues<SubjectKind>().Select(kind => situation.Subjects[(int)kind].Current.Spam));
    }

    [Fact]
    public void Restore_OfAnotherFormsContext_IsMalformed() => Assert.Equal(
        StoreFailure.Malformed,
        Assert.Throws<StoreException>(() => ReplayContext.Restore(Footprint(WithoutAccount), new EventReply(ReplyStatus.Replayed, 1, [], new byte[3]))).Failure);

    // The spam count of a record says whose it is.
    private static RecordPair[] Records(SubjectKind[] kinds) =>
        [.. kinds.Select(kind => new RecordPair(new SignalRecord { Format = SignalRecord.CurrentFormat, Spam = (int)kind + 1 }, default))];

    private static byte[] Context(SubjectKind[] kinds)
    {
        var context = new byte[ContextSize];
        foreach (var kind in kinds)
        {
            context[0] |= (byte)(1 << (int)kind);
        }

        BinaryPrimitives.WriteInt32LittleEndian(context.AsSpan(1), 20_000);
        return context;
    }

    private static EventFootprint Footprint(SubjectKind[] kinds) => new(
        EventKind.Message,
        new WidePrefix(4, 198),
        hasAccount: true,
        tags: [],
        [.. kinds.Select(kind => new SubjectItem(new SubjectKey(kind, default), default, 0, MayCreate: true, 0, 0, 0))]);
}
