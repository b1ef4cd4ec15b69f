namespace SpamGuard.Policies;

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
