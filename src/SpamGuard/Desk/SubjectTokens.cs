using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>Finds an address in the store: its tokens in every epoch under which something of it can be held.</summary>
internal sealed class SubjectTokens(EpochKeeper epochs, LocalEpochs ownEpochs, EpochCalendar calendar, StoreClock clock)
{
    /// <summary>The current epoch, the one before and, in the minutes before it begins, the next: a process whose clock is ahead may write there.</summary>
    /// <exception cref="StoreException">The salts are not known, or this process' clock is not the store's.</exception>
    public IReadOnlyList<SubjectInEpoch> Of(ClientAddress address)
    {
        var now = clock.Now;
        if (clock.IsSkewed || epochs.Live(now) is not { } live)
        {
            throw new StoreException(StoreFailure.Unavailable, "The salts are not known, or the clock is not the store's.");
        }

        var current = live.Current(RetentionClass.Address);
        EpochSecret?[] secrets = [current, live.Previous(RetentionClass.Address), epochs.Find(current.Id.Next, now)];
        return [.. secrets.OfType<EpochSecret>().Select(secret => Of(address, secret))];
    }

    /// <summary>Whether a token of an epoch is that of an address: by the salts that all processes share, or by those of this one alone.</summary>
    public bool Matches(ClientAddress address, EpochId epoch, SubjectToken token)
    {
        var now = clock.Now;
        EpochSecret?[] secrets = [epochs.Find(epoch, now), ownEpochs.FindAddressEpoch((byte)epoch.Number, now)];
        return secrets.OfType<EpochSecret>().Any(secret => secret.Id == epoch && Of(address, secret).Token == token);
    }

    private SubjectInEpoch Of(ClientAddress address, EpochSecret secret)
    {
        var token = secret.Hasher.Key(SubjectKind.Address, address).Token;
        return new SubjectInEpoch(token, calendar.Start(secret.Id), calendar.Deadline(secret.Id, token.Prefix));
    }
}

/// <summary>An address in one epoch.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Start">Unix second at which the epoch began.</param>
/// <param name="Deadline">Unix second at which its record is gone.</param>
internal readonly record struct SubjectInEpoch(SubjectToken Token, long Start, long Deadline);
