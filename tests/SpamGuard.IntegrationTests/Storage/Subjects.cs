using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>Made-up subjects, items and guards: the same name is the same subject.</summary>
internal static class Subjects
{
    public static SubjectToken Token(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, SubjectToken.Size));

    public static SubjectKey Key(SubjectKind kind, string name) => new(kind, Token($"{kind}/{name}"));

    /// <summary>An item whose deadline is an hour before its class' cap.</summary>
    public static SubjectItem Item(
        long now, SubjectKind kind, string name, uint member = SignalRecord.Nobody, bool mayCreate = true, int fast = 60, int slow = 3600, string? previous = null) =>
        new(
            Key(kind, name),
            previous is null ? default : Key(kind, previous),
            now + kind.Class().CapSeconds - 3600,
            mayCreate,
            member,
            fast,
            slow);

    /// <summary>Address, network and region of one event.</summary>
    public static SubjectItem[] Three(long now, string name, uint member = SignalRecord.Nobody, bool mayCreate = true) =>
    [
        Item(now, SubjectKind.Address, name, member, mayCreate),
        Item(now, SubjectKind.Network, name, member, mayCreate, fast: 300),
        Item(now, SubjectKind.Region, name, member, mayCreate, fast: 0, slow: 0),
    ];

    /// <summary>A guard under a request id, in the slot of the address.</summary>
    public static ReplayGuard Replay(string name, string request, ulong fingerprint = 1, string context = "context") =>
        new(Key(SubjectKind.Address, name).Token, Token($"request/{request}"), fingerprint, Encoding.UTF8.GetBytes(context));

    /// <summary>A guard of a decision about the address.</summary>
    public static ReportGuard Once(long now, string name, string decision) =>
        new(Key(SubjectKind.Address, name).Token, Token($"decision/{decision}"), now + RetentionClass.Address.CapSeconds - 3600);

    /// <summary>An epoch's record of a generation whose salt is made of one byte.</summary>
    public static EpochRecord Epoch(uint generation, byte salt)
    {
        var bytes = new byte[EpochRecord.SaltSize];
        bytes.AsSpan().Fill(salt);
        return new EpochRecord(generation, BinaryPrimitives.ReadUInt64BigEndian("pepper-1"u8), bytes);
    }
}
