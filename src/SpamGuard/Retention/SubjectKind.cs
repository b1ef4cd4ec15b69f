namespace SpamGuard.Retention;

/// <summary>What a record can be about. The order is the order of items in every script call.</summary>
internal enum SubjectKind : byte
{
    /// <summary>One IPv4 address, or one IPv6 /64.</summary>
    Address,

    /// <summary>/24 of IPv4, /48 of IPv6.</summary>
    Network,

    /// <summary>/16 of IPv4, /32 of IPv6.</summary>
    Region,

    /// <summary>An account, by the digest that the caller sent.</summary>
    Account,

    /// <summary>A content, by the digest that the caller sent.</summary>
    Content,
}

/// <summary>What each kind of subject is kept under.</summary>
internal static class SubjectKinds
{
    /// <summary>How many kinds there are.</summary>
    public const int Count = 5;

    /// <summary>The retention class of a kind of subject.</summary>
    public static RetentionClass Class(this SubjectKind kind) => kind switch
    {
        SubjectKind.Address or SubjectKind.Content => RetentionClass.Address,
        SubjectKind.Network or SubjectKind.Region or SubjectKind.Account => RetentionClass.Network,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A subject without a retention class can't be kept."),
    };

    /// <summary>The letter of a kind in keys and under the hash.</summary>
    public static char Letter(this SubjectKind kind) => "anrcd"[(int)kind];
}
