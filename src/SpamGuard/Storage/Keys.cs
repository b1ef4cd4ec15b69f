using SpamGuard.Addresses;
using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>The only maker of key names. Every kind of key carries the class it is kept under; a kind without one does not compile.</summary>
/// <remarks>
/// <code>
/// key                                     what                                   class       cap
/// sg:a:{token}                            address record                         address     7 days
/// sg:d:{token}                            content record                         address     7 days
/// sg:n:{token}                            network record                         network     30 days
/// sg:r:{token}                            region record                          network     30 days
/// sg:c:{token}                            account record                         network     30 days
/// sg:q:{address token}:request            an answered request, for a retry       address     60 s
/// sg:f:{token}                            who reported it, and which labels      address     7 days
/// sg:e:a123, sg:e:n123                    an epoch's salt                        its own     its own + 15 min
/// sg:w:4-203, sg:w:6-2a0102, sg:w:all     aggregates                             aggregate   30 days
/// </code>
/// Token and request are 96 bits in 16 base64url characters. The braces are the hash tag of a cluster: what belongs to one address lies in
/// one slot. There is no epoch in a key: the salt makes the token epoch-specific. So whoever knows an address' tokens knows its keys, all but
/// those that last a minute, without a walk over the keyspace. The caps stand again, as constants, in <c>retention.lua</c>: the store refuses
/// what would outlive them.
/// </remarks>
internal static class Keys
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "sg:";

    /// <summary>Seconds that an epoch's salt may outlive its class' cap, for it is made ten minutes ahead.</summary>
    public const int SaltGraceSeconds = 15 * 60;

    /// <summary>Length in bytes of the key of a record or of a list of reports.</summary>
    public const int SubjectLength = 23;

    private const int ReplayLength = SubjectLength + 1 + SubjectToken.TextSize;

    /// <summary>Every kind of key, for the auditor, the scripts' test and the documents.</summary>
    public static IReadOnlyList<KeyKind> Kinds { get; } =
    [
        new('a', RetentionClass.Address, RetentionClass.Address.CapSeconds),
        new('d', RetentionClass.Address, RetentionClass.Address.CapSeconds),
        new('n', RetentionClass.Network, RetentionClass.Network.CapSeconds),
        new('r', RetentionClass.Network, RetentionClass.Network.CapSeconds),
        new('c', RetentionClass.Network, RetentionClass.Network.CapSeconds),
        new('q', RetentionClass.Address, ReplayGuard.Seconds),
        new('f', RetentionClass.Address, RetentionClass.Address.CapSeconds),
        new('e', RetentionClass.Network, RetentionClass.Network.CapSeconds + SaltGraceSeconds),
        new('w', RetentionClass.Aggregate, RetentionClass.Aggregate.CapSeconds),
    ];

    /// <summary>The key of a record.</summary>
    public static byte[] Subject(SubjectKey subject)
    {
        var key = new byte[SubjectLength];
        WriteSubject(subject, key);
        return key;
    }

    /// <summary>Writes the key of a record into <see cref="SubjectLength"/> bytes that are there already.</summary>
    public static void WriteSubject(SubjectKey subject, Span<byte> key) => WriteTagged(subject.Kind.Letter(), subject.Token, key);

    /// <summary>The key that remembers an answered request.</summary>
    public static byte[] Replay(ReplayGuard guard)
    {
        var key = new byte[ReplayLength];
        WriteTagged('q', guard.Address, key);
        key[SubjectLength] = (byte)':';
        guard.Request.WriteText(key.AsSpan(SubjectLength + 1));
        return key;
    }

    /// <summary>The key that remembers who reported a subject (<see cref="ReportList"/>).</summary>
    public static byte[] Reports(SubjectToken subject)
    {
        var key = new byte[SubjectLength];
        WriteTagged('f', subject, key);
        return key;
    }

    /// <summary>The key of an epoch's salt.</summary>
    public static byte[] Epoch(EpochId epoch) => System.Text.Encoding.ASCII.GetBytes($"sg:e:{epoch.Class.Letter}{epoch.Number}");

    /// <summary>The key of an aggregate; of the totals over all messages for <c>null</c>.</summary>
    public static byte[] Aggregate(WidePrefix? prefix) => System.Text.Encoding.ASCII.GetBytes(prefix is { } wide ? $"sg:w:{wide}" : "sg:w:all");

    /// <summary>The longest time to live that a key may have, in seconds; <c>null</c> for a key that is none of ours.</summary>
    public static long? CapSeconds(ReadOnlySpan<char> key)
    {
        if (key.Length < 6 || !key.StartsWith(Prefix, StringComparison.Ordinal) || key[4] != ':')
        {
            return null;
        }

        if (key[3] == 'e')
        {
            return RetentionClass.Salted.FirstOrDefault(key[5], static (c, letter) => c.Letter == letter)?.CapSeconds + SaltGraceSeconds;
        }

        return Kinds.FirstOrDefault(key[3], static (kind, letter) => kind.Letter == letter)?.CapSeconds;
    }

    private static void WriteTagged(char kind, SubjectToken token, Span<byte> key)
    {
        "sg:_:{"u8.CopyTo(key);
        key[3] = (byte)kind;
        token.WriteText(key.Slice(6, SubjectToken.TextSize));
        key[22] = (byte)'}';
    }

    private static T? FirstOrDefault<T, TArgument>(this IReadOnlyList<T> items, TArgument argument, Func<T, TArgument, bool> matches)
        where T : class
    {
        foreach (var item in items)
        {
            if (matches(item, argument))
            {
                return item;
            }
        }

        return null;
    }
}

/// <summary>A kind of key.</summary>
/// <param name="Letter">The letter after <c>sg:</c>.</param>
/// <param name="Class">What it is kept under.</param>
/// <param name="CapSeconds">The longest time to live that the store accepts, in seconds.</param>
internal sealed record KeyKind(char Letter, RetentionClass Class, long CapSeconds);
