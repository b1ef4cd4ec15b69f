using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Feedback;

/// <summary>Packs a decision into the bytes that a token seals, and reads them back.</summary>
/// <remarks>
/// <code>
/// id 12 ‖ time 8 ‖ kind, verdict, account, preview bits 1 ‖ address epoch 4 ‖ network epoch 4 ‖ wide prefix 4 ‖ probability 8 ‖ policy revision 8
/// ‖ subjects 1 ‖ per subject: kind 1, current token 12, previous token 12, member 1, previous member 1
/// ‖ reasons 1 ‖ per reason: code 1, weight 8 ‖ caller 1 + n ‖ tags 1 ‖ per tag: whether it is a reason 1, weight 8, name 1 + n
/// </code>
/// The part on tags is there only where the address has some.
/// A member is 0 for nobody, else its bit's number plus 1. Only ever read after the seal was found whole, so a length that does not fit is a
/// fault of ours and throws.
/// </remarks>
internal static class DecisionCodec
{
    /// <summary>The longest caller name that fits, in UTF-8 bytes.</summary>
    public const int MaxCallerBytes = 128;

    /// <summary>The longest packed decision, in bytes.</summary>
    public const int MaxSize =
        HeadSize + (SubjectKinds.Count * SubjectSize) + 1 + (MaxReasons * ReasonSize) + 1 + MaxCallerBytes + 1 + (MaxTags * (TagSize + MaxTagBytes));

    /// <summary>How many tags an address can have.</summary>
    public const int MaxTags = 32;

    /// <summary>The longest name of a tag, in ASCII characters.</summary>
    public const int MaxTagBytes = 32;

    private const int AccountBit = 1 << 3;
    private const int PreviewBit = 1 << 4;
    private const int HeadSize = 50;
    private const int SubjectSize = 27;
    private const int ReasonSize = 9;
    private const int MaxReasons = 16;
    private const int TagSize = 10;

    /// <summary>Packs a decision; returns the number of bytes.</summary>
    public static int Pack(Decision decision, Span<byte> destination)
    {
        decision.Id.Write(destination);
        BinaryPrimitives.WriteInt64LittleEndian(destination[12..], decision.Time);
        destination[20] = (byte)((int)decision.Footprint.Kind | ((int)decision.Verdict << 1)
            | (decision.Footprint.HasAccount ? AccountBit : 0) | (decision.IsPreview ? PreviewBit : 0));
        BinaryPrimitives.WriteInt32LittleEndian(destination[21..], decision.AddressEpoch.Number);
        BinaryPrimitives.WriteInt32LittleEndian(destination[25..], decision.NetworkEpoch.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[29..], decision.Footprint.Wide.Packed);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[33..], decision.SpamProbability);
        Convert.FromHexString(decision.PolicyRevision, destination.Slice(41, 8), out _, out _);
        destination[49] = (byte)decision.Footprint.Subjects.Length;
        var at = HeadSize;
        foreach (var subject in decision.Footprint.Subjects)
        {
            destination[at] = (byte)subject.Current.Kind;
            subject.Current.Token.Write(destination[(at + 1)..]);
            subject.Previous.Token.Write(destination[(at + 13)..]);
            destination[at + 25] = Bit(subject.ReportedMember);
            destination[at + 26] = Bit(subject.PreviousMember);
            at += SubjectSize;
        }

        var counted = at++;
        destination[counted] = 0;
        for (var i = 0; i < decision.Reasons.Count; i++)
        {
            var reason = decision.Reasons[i];
            if (ReasonCodes.IsTag(reason.Code))
            {
                continue;
            }

            destination[at] = ReasonCodes.IndexOf(reason.Code);
            BinaryPrimitives.WriteDoubleLittleEndian(destination[(at + 1)..], reason.Weight);
            destination[counted]++;
            at += ReasonSize;
        }

        var length = Encoding.UTF8.GetBytes(decision.Caller, destination.Slice(at + 1, MaxCallerBytes));
        destination[at] = (byte)length;
        at += 1 + length;
        return at + PackTags(decision, destination[at..]);
    }

    private static int PackTags(Decision decision, Span<byte> destination)
    {
        if (decision.Footprint.Tags.Count == 0)
        {
            return 0;
        }

        destination[0] = (byte)decision.Footprint.Tags.Count;
        var at = 1;
        foreach (var tag in decision.Footprint.Tags)
        {
            var code = ReasonCodes.OfTag(tag);
            var isReason = decision.HasReason(code);
            destination[at] = (byte)(isReason ? 1 : 0);
            var weight = isReason ? decision.Reasons.First(reason => string.Equals(reason.Code, code, StringComparison.Ordinal)).Weight : 0;
            BinaryPrimitives.WriteDoubleLittleEndian(destination[(at + 1)..], weight);
            destination[at + 9] = (byte)Encoding.ASCII.GetBytes(tag, destination.Slice(at + TagSize, MaxTagBytes));
            at += TagSize + destination[at + 9];
        }

        return at;
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; the charges are left 0, for they are the policy's.</summary>
    public static Decision Read(ReadOnlySpan<byte> packed, EpochCalendar calendar)
    {
        var flags = packed[20];
        var eventKind = (EventKind)(flags & 1);
        var addressEpoch = new EpochId(RetentionClass.Address, BinaryPrimitives.ReadInt32LittleEndian(packed[21..]));
        var networkEpoch = new EpochId(RetentionClass.Network, BinaryPrimitives.ReadInt32LittleEndian(packed[25..]));
        var subjects = new SubjectItem[packed[49]];
        var at = HeadSize;
        for (var i = 0; i < subjects.Length; i++, at += SubjectSize)
        {
            var kind = (SubjectKind)packed[at];
            var current = new SubjectToken(packed.Slice(at + 1, SubjectToken.Size));
            var epoch = kind.Class() == RetentionClass.Address ? addressEpoch : networkEpoch;
            var member = Mask(packed[at + 25]);
            subjects[i] = new SubjectItem(
                new SubjectKey(kind, current),
                new SubjectKey(kind, new SubjectToken(packed.Slice(at + 13, SubjectToken.Size))),
                calendar.Deadline(epoch, current.Prefix),
                MayCreate: true,
                EventFootprint.CountedMember(kind, eventKind, member),
                FastCharge: 0,
                SlowCharge: 0)
            {
                PreviousMember = Mask(packed[at + 26]),
                ReportedMember = member,
            };
        }

        var reasons = new List<Reason>();
        for (int left = packed[at++]; left > 0; left--, at += ReasonSize)
        {
            reasons.Add(new Reason(ReasonCodes.All[packed[at]], BinaryPrimitives.ReadDoubleLittleEndian(packed[(at + 1)..])));
        }

        var caller = Encoding.UTF8.GetString(packed.Slice(at + 1, packed[at]));
        var tags = ReadTags(packed[(at + 1 + packed[at])..], reasons);

        return new Decision
        {
            Id = new SubjectToken(packed),
            Time = BinaryPrimitives.ReadInt64LittleEndian(packed[12..]),
            IsPreview = (flags & PreviewBit) != 0,
            Verdict = (Verdict)((flags >> 1) & 3),
            SpamProbability = BinaryPrimitives.ReadDoubleLittleEndian(packed[33..]),
            PolicyRevision = Convert.ToHexStringLower(packed.Slice(41, 8)),
            AddressEpoch = addressEpoch,
            NetworkEpoch = networkEpoch,
            Footprint = new EventFootprint(
                eventKind, WidePrefix.FromPacked(BinaryPrimitives.ReadUInt32LittleEndian(packed[29..])), (flags & AccountBit) != 0, tags, subjects),
            Reasons = reasons,
            Caller = caller,
        };
    }

    private static string[] ReadTags(ReadOnlySpan<byte> packed, List<Reason> reasons)
    {
        if (packed.IsEmpty)
        {
            return [];
        }

        var tags = new string[packed[0]];
        var at = 1;
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = Encoding.ASCII.GetString(packed.Slice(at + TagSize, packed[at + 9]));
            if (packed[at] != 0)
            {
                reasons.Add(new Reason(ReasonCodes.OfTag(tags[i]), BinaryPrimitives.ReadDoubleLittleEndian(packed[(at + 1)..])));
            }

            at += TagSize + packed[at + 9];
        }

        reasons.Sort(Evidence.StrongestFirst);
        return tags;
    }

    private static byte Bit(uint mask) => (byte)(mask == 0 ? 0 : BitOperations.TrailingZeroCount(mask) + 1);

    private static uint Mask(byte bit) => bit == 0 ? 0 : 1u << (bit - 1);
}
