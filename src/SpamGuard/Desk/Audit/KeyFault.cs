using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>Why a key may not be there.</summary>
internal enum KeyFault
{
    /// <summary>It never expires.</summary>
    WithoutTtl,

    /// <summary>It has longer to live than its kind may; one of no kind, longer than any may; a salt, longer than its epoch's number says, or at all before that may be made.</summary>
    OverCap,

    /// <summary>It is of no kind, and ends by itself within what some kind may live. Not deleted: a newer version's kind is unknown to an older auditor.</summary>
    UnknownKind,
}

/// <summary>Judges keys.</summary>
internal static class KeyFaults
{
    /// <summary>Every fault.</summary>
    public static IReadOnlyList<KeyFault> All { get; } = Enum.GetValues<KeyFault>();

    /// <summary>The fault of a key that is there; <c>null</c> for none.</summary>
    /// <param name="kind">Its kind, if it has one.</param>
    /// <param name="remaining">What it has left to live in milliseconds, or <see cref="AuditedServer.Forever"/>.</param>
    /// <param name="end">What it may have left to live at most, in milliseconds, where that is known to be less than its kind's cap; below 0 where it may not be there yet.</param>
    public static KeyFault? Of(KeyKind? kind, long remaining, long end = long.MaxValue) => remaining switch
    {
        AuditedServer.Gone => null,
        AuditedServer.Forever => KeyFault.WithoutTtl,
        _ when remaining > Math.Min((kind?.CapSeconds ?? Keys.LongestCapSeconds) * 1000, end) => KeyFault.OverCap,
        _ => kind is null ? KeyFault.UnknownKind : null,
    };

    /// <summary>The name used in metrics and reports.</summary>
    public static string Name(this KeyFault fault) => fault switch
    {
        KeyFault.WithoutTtl => "without_ttl",
        KeyFault.OverCap => "over_cap",
        KeyFault.UnknownKind => "unknown_kind",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "A fault without a name."),
    };
}
