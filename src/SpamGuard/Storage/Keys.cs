using System.Buffers.Text;
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
/// sg:x:a0123456789abcdef, sg:x:n…         what an operator says of a subject     its subject's  its class'
/// sg:x:n:ids                              which of these there are               network     30 days
/// </code>
/// Token and request are 96 bits in 16 base64url characters. The braces are the hash tag of a cluster: what belongs to one address lies in
/// one slot. There is no epoch in a key: the salt makes the token epoch-specific. So whoever knows an address' tokens knows its keys, all but
/// those that last a minute, without a walk over the keyspace. What operators say lies under random numbers instead: their names tell of nobody,
/// and a list of them says which there are. The caps stand again, as constants, in <c>retention.lua</c>: the store refuses
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

    /// <summary>The letter of salts, whose class is told by the letter of their epoch.</summary>
    public const char SaltLetter = 'e';

    /// <summary>The letter of overrides, whose class is told by the letter of their id.</summary>
    public const char OverrideLetter = 'x';

    private const int ShortestKey = 6;

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
        new(SaltLetter, RetentionClass.Network, RetentionClass.Network.CapSeconds + SaltGraceSeconds),
        new('w', RetentionClass.Aggregate, RetentionClass.Aggregate.CapSeconds),
        new(OverrideLetter, RetentionClass.Network, RetentionClass.Network.CapSeconds),
    ];

    /// <summary>Every kind of key with its class and cap, in which salts and overrides are a kind for each class: what <see cref="KindOf(ReadOnlySpan{char})"/> answers.</summary>
    public static IReadOnlyList<KeyKind> KindsByClass { get; } =
    [
        .. Kinds.Where(static kind => !IsOfTwoClasses(kind.Letter)),
        .. RetentionClass.Salted.Select(static c => new KeyKind(SaltLetter, c, c.CapSeconds + SaltGraceSeconds)),
        .. RetentionClass.Salted.Select(static c => new KeyKind(OverrideLetter, c, c.CapSeconds)),
    ];

    /// <summary>The longest time to live that any key may have, in seconds.</summary>
    public static long LongestCapSeconds { get; } = KindsByClass.Max(static kind => kind.CapSeconds);

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

    /// <summary>The key of what an operator says of a subject.</summary>
    public static byte[] Override(OverrideId id) => System.Text.Encoding.ASCII.GetBytes($"sg:x:{id}");

    /// <summary>The key of the list of overrides. It lives as long as the last of them, so it is of the class that lives longest.</summary>
    public static byte[] OverrideIds() => "sg:x:n:ids"u8.ToArray();

    /// <summary>The longest time to live that a key may have, in seconds; <c>null</c> for a key that is none of ours.</summary>
    public static long? CapSeconds(ReadOnlySpan<char> key) => KindOf(key)?.CapSeconds;

    /// <summary>The kind of a key; <c>null</c> for a key that is none of ours. Only the first six characters matter.</summary>
    public static KeyKind? KindOf(ReadOnlySpan<char> key)
    {
        if (key.Length < ShortestKey || !key.StartsWith(Prefix, StringComparison.Ordinal) || key[4] != ':')
        {
            return null;
        }

        return KindsByClass.FirstOrDefault((Letter: key[3], Class: key[5]), static (kind, at) =>
            kind.Letter == at.Letter && (!IsOfTwoClasses(kind.Letter) || kind.Class.Letter == at.Class));
    }

    /// <summary>The same of a key's bytes.</summary>
    public static KeyKind? KindOf(ReadOnlySpan<byte> key)
    {
        Span<char> beginning = stackalloc char[ShortestKey];
        return KindOf(beginning[..System.Text.Encoding.Latin1.GetChars(key[..Math.Min(key.Length, ShortestKey)], beginning)]);
    }

    /// <summary>Whose salt a key holds; <c>null</c> for another key, and for one whose epoch can't be read.</summary>
    public static EpochId? EpochOf(ReadOnlySpan<byte> key) =>
        KindOf(key) is { Letter: SaltLetter } kind && Utf8Parser.TryParse(key[ShortestKey..], out int number, out var read) && read == key.Length - ShortestKey
            ? new EpochId(kind.Class, number)
            : null;

    private static bool IsOfTwoClasses(char letter) => letter is SaltLetter or OverrideLetter;

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
