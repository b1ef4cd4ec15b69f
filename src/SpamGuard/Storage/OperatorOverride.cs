using System.Buffers.Binary;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>What an operator says of a subject until a stated time: the verdict of every event of it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Subject">An address, a network or a region, by its token in one epoch. That it has another in the next epoch is stored nowhere.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="SetTime">Unix second at which it was said: of two on one subject the later counts.</param>
/// <param name="ExpireTime">Unix second at which it ends.</param>
/// <remarks>23 bytes, little-endian: format 1 ‖ kind of subject 1 ‖ verdict 1 ‖ set time 4 ‖ expire time 4 ‖ token 12.</remarks>
internal sealed record OperatorOverride(OverrideId Id, SubjectKey Subject, Verdict Verdict, long SetTime, long ExpireTime)
{
    /// <summary>Length of a packed one in bytes.</summary>
    public const int Size = 11 + SubjectToken.Size;

    private const byte Format = 1;

    /// <summary>Whether it counts at a time (unix seconds).</summary>
    public bool IsInForce(long now) => now < ExpireTime;

    /// <summary>Whether it counts where another is about the same subject, too.</summary>
    public bool IsLaterThan(OperatorOverride other) => SetTime > other.SetTime;

    /// <summary>Packs all of it but the id, which is in the name of its key.</summary>
    public byte[] Pack()
    {
        var packed = new byte[Size];
        packed[0] = Format;
        packed[1] = (byte)Subject.Kind;
        packed[2] = (byte)Verdict;
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(3), checked((uint)SetTime));
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(7), checked((uint)ExpireTime));
        Subject.Token.Write(packed.AsSpan(11));
        return packed;
    }

    /// <summary>Reads a packed one; <c>null</c> where there is none, or what is none: nothing is said by it.</summary>
    public static OperatorOverride? Read(OverrideId id, ReadOnlySpan<byte> packed)
    {
        if (packed.Length != Size || packed[0] != Format || packed[1] > (byte)SubjectKind.Region || packed[2] >= Verdicts.All.Count)
        {
            return null;
        }

        var kind = (SubjectKind)packed[1];
        return kind.Class() != id.Class
            ? null
            : new OperatorOverride(
                id,
                new SubjectKey(kind, new SubjectToken(packed[11..])),
                (Verdict)packed[2],
                BinaryPrimitives.ReadUInt32LittleEndian(packed[3..]),
                BinaryPrimitives.ReadUInt32LittleEndian(packed[7..]));
    }
}
