using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Overrides;

/// <summary>Finds out of whom an operator speaks.</summary>
internal sealed class OverrideSubjects(SubjectTokens tokens, EpochCalendar calendar, StoreClock clock)
{
    /// <summary>An address, a network or a region, by its token in the current epoch.</summary>
    /// <param name="level">Which of the three.</param>
    /// <param name="address">The address, or one in it.</param>
    /// <param name="naming">How it was named.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">The salts are not known or not the store's.</exception>
    public async ValueTask<OverrideSubject> OfAsync(SubjectKind level, ClientAddress address, OverrideNaming naming, CancellationToken cancellationToken)
    {
        var found = (await tokens.OfAsync(level, [address], cancellationToken))[0];
        return new OverrideSubject(
            found[0].Key,
            [.. found.Skip(1).Select(other => other.Key)],
            calendar.EarliestDeadline(calendar.At(level.Class(), found[0].Start)),
            Bits(level, address.Wide),
            naming);
    }

    /// <summary>The address behind a decision, by its token in the decision's epoch: which it has now nobody can tell.</summary>
    /// <param name="epoch">The decision's.</param>
    /// <param name="address">The address as the decision holds it.</param>
    /// <param name="wide">Says whether it is IPv4.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns><c>null</c> where what is known under tokens of that epoch is going.</returns>
    /// <exception cref="StoreException">The salts are not known or not the store's.</exception>
    public async ValueTask<OverrideSubject?> OfAsync(EpochId epoch, SubjectItem address, WidePrefix wide, CancellationToken cancellationToken)
    {
        await tokens.CheckAsync([epoch], cancellationToken);
        var latest = calendar.EarliestDeadline(epoch);
        return clock.Now >= latest
            ? null
            : new OverrideSubject(
                address.Current,
                address.Previous.IsNone ? [] : [address.Previous],
                latest,
                Bits(SubjectKind.Address, wide),
                OverrideNaming.DecisionToken);
    }

    private static int Bits(SubjectKind level, WidePrefix wide) => (level, wide.Version) switch
    {
        (SubjectKind.Address, 4) => 32,
        (SubjectKind.Network, 4) => 24,
        (SubjectKind.Region, 4) => 16,
        (SubjectKind.Address, _) => 64,
        (SubjectKind.Network, _) => 48,
        (SubjectKind.Region, _) => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Nothing is said of this kind of subject."),
    };
}
