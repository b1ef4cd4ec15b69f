using SpamGuard.Retention;

namespace SpamGuard.Addresses;

/// <summary>What stands for one member in the bitmaps of other records: a bit per kind of record, from one keyed hash.</summary>
internal readonly struct MemberBits(ulong hash)
{
    /// <summary>The mask of one bit, for a record of the given kind.</summary>
    public uint In(SubjectKind kind) => 1u << (int)((hash >> (8 * (int)kind)) & 31);
}
