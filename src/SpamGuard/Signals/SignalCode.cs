namespace SpamGuard.Signals;

/// <summary>The signals, in the order in which they are summed.</summary>
internal enum SignalCode : byte
{
    /// <summary>Log-odds of spam before anything is known of this event's subjects.</summary>
    Prior,

    /// <summary>What the /8 (IPv6 /24) adds to the prior.</summary>
    WideReputation,

    /// <summary>What the region adds to its /8.</summary>
    RegionReputation,

    /// <summary>What the network adds to its region.</summary>
    NetworkReputation,

    /// <summary>What the address adds to its network.</summary>
    AddressReputation,

    /// <summary>What the account adds to the prior.</summary>
    AccountReputation,

    /// <summary>Sign-ups faster than the address can work off.</summary>
    AddressBurst,

    /// <summary>Sign-ups faster than the network can work off.</summary>
    NetworkBurst,

    /// <summary>Takes back what good reputations take away beyond a limit while a burst goes on.</summary>
    Standing,

    /// <summary>Messages faster than the account can work off.</summary>
    AccountRate,

    /// <summary>What the content's reports add to the prior.</summary>
    ContentReputation,

    /// <summary>The same content from several senders.</summary>
    ContentRepeated,
}

/// <summary>How signals are written in answers and metrics.</summary>
internal static class SignalCodes
{
    /// <summary>How many signals there are.</summary>
    public const int Count = 12;

    private static readonly string[] Names =
    [
        "PRIOR", "WIDE_REPUTATION", "REGION_REPUTATION", "NETWORK_REPUTATION", "ADDRESS_REPUTATION", "ACCOUNT_REPUTATION",
        "ADDRESS_BURST", "NETWORK_BURST", "STANDING", "ACCOUNT_RATE", "CONTENT_REPUTATION", "CONTENT_REPEATED",
    ];

    /// <summary>Every code that a reason can have: the signals, then the notices.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names, Reason.PrivateAddress, Reason.TestAddress];

    /// <summary>Where a code stands in <see cref="All"/>: a token holds this, so the order may grow and never change.</summary>
    public static byte IndexOf(string code)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i], code, StringComparison.Ordinal))
            {
                return (byte)i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(code), code, "No signal and no notice has this code.");
    }

    /// <summary>For example <c>ADDRESS_BURST</c>.</summary>
    public static string Name(this SignalCode code) => Names[(int)code];
}
