using SpamGuard.Addresses;

namespace SpamGuard.Storage;

/// <summary>What a process has counted of one aggregate since it last said so.</summary>
/// <param name="Prefix">The /8 or IPv6 /24; <c>null</c> for the totals over all messages.</param>
/// <param name="Spam">Units reported as spam.</param>
/// <param name="Ham">Units reported as legitimate.</param>
/// <param name="Events">Units counted today.</param>
internal readonly record struct AggregateAddition(WidePrefix? Prefix, double Spam, double Ham, double Events)
{
    /// <summary>Whether there is nothing to add, so that the totals are only read.</summary>
    public bool IsEmpty => Spam == 0 && Ham == 0 && Events == 0;
}
