using SpamGuard.Storage;

namespace SpamGuard.Desk.Transparency;

/// <summary>Something that is kept.</summary>
/// <param name="What">What it is.</param>
/// <param name="Class">The retention class.</param>
/// <param name="Seconds">The longest that the store takes it for.</param>
/// <param name="Ends">How it ends.</param>
internal sealed record RetentionRow(string What, string Class, long Seconds, string Ends)
{
    /// <summary>Everything that the store may hold: of every kind of key, in the order of their table.</summary>
    public static IReadOnlyList<RetentionRow> All { get; } =
        [.. Keys.KindsByClass.Select(static kind => new RetentionRow(WhatOf(kind.Letter), kind.Class.Name, kind.CapSeconds, EndsOf(kind.Letter)))];

    private static string WhatOf(char letter) => letter switch
    {
        'a' => "counters on one address (IPv4, or an IPv6 /64), under a keyed hash",
        'd' => "counters on one content, under a keyed hash",
        'n' => "counters on a network (/24, /48), under a keyed hash",
        'r' => "counters on a region of networks (/16, /32), under a keyed hash",
        'c' => "counters on one account, under a keyed hash",
        'q' => "the answer to one request, for its retry",
        'f' => "which reports an address, a network or a content had, by digests that are hashed again",
        'x' => "what an operator says of an address or a network, under a keyed hash",
        Keys.SaltLetter => "the random salts that keyed hashes are made with",
        'w' => "totals over all messages, and over each /8 (IPv6: /24): they know no one person",
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "A kind of key that the report has no words for."),
    };

    private static string EndsOf(char letter) => letter switch
    {
        Keys.SaltLetter => "by itself, and every hash that was made with it can't be made again",
        'w' => "by itself, so long after the last event; until then it fades by a tenth a day",
        'x' => "by itself, at the time that was stated when it was set",
        'q' => "by itself",
        _ => "by itself; writing it again never moves the deadline",
    };
}
