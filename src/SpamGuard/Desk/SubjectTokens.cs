using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>Finds an address in the store: its tokens in every epoch under which something of it can be held.</summary>
/// <param name="store">The desk's own store.</param>
/// <param name="epochs">The salts that all processes share, as this one read them last.</param>
/// <param name="ownEpochs">The salts of this process alone.</param>
/// <param name="calendar">When epochs begin and end.</param>
/// <param name="clock">The store's time.</param>
internal sealed class SubjectTokens(
    [FromKeyedServices(DeskOptions.Section)] ISignalStore store, EpochKeeper epochs, LocalEpochs ownEpochs, EpochCalendar calendar, StoreClock clock)
{
    /// <summary>
    /// The current epoch, the one before and, in the minutes before it begins, the next: a process whose clock is ahead may write there. The
    /// store is asked whether its salts are the known ones, for under others nothing would be found, and the answer that nothing is held be wrong.
    /// </summary>
    /// <returns>That of the current epoch first.</returns>
    /// <exception cref="StoreException">The salts are not known or not the store's, or this process' clock is not the store's.</exception>
    public async ValueTask<IReadOnlyList<SubjectInEpoch>> OfAsync(ClientAddress address, CancellationToken cancellationToken) =>
        (await OfAsync(SubjectKind.Address, [address], cancellationToken))[0];

    /// <summary>The same of several addresses, or of the networks or regions that they are in, in their order.</summary>
    /// <exception cref="StoreException">As for one.</exception>
    public async ValueTask<IReadOnlyList<IReadOnlyList<SubjectInEpoch>>> OfAsync(
        SubjectKind level, IReadOnlyList<ClientAddress> addresses, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var current = calendar.At(level.Class(), now);
        EpochId[] wanted = [current, current.Previous, current.Next];
        await CheckAsync(wanted, cancellationToken);
        if (epochs.Find(current, now) is null)
        {
            throw new StoreException(StoreFailure.Unavailable, "The salts are not known.");
        }

        var secrets = wanted.Select(epoch => epochs.Find(epoch, now)).OfType<EpochSecret>().ToList();
        return [.. addresses.Select(IReadOnlyList<SubjectInEpoch> (address) => [.. secrets.Select(secret => Of(level, address, secret))])];
    }

    /// <summary>Passes where the known salts of epochs are those of the store; they are read again where they are not.</summary>
    /// <exception cref="StoreException">They are not the store's, or this process' clock is not.</exception>
    public async ValueTask CheckAsync(EpochId[] wanted, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        if (clock.IsSkewed)
        {
            throw new StoreException(StoreFailure.Unavailable, "The clock is not the store's.");
        }

        if (await AreOfTheStoreAsync(wanted, now, cancellationToken))
        {
            return;
        }

        await RefreshAsync(now, cancellationToken);
        if (!await AreOfTheStoreAsync(wanted, now, cancellationToken))
        {
            throw new StoreException(StoreFailure.Unavailable, "The salts are not those of the store.");
        }
    }

    /// <summary>Whether a token of an epoch is that of an address: by the salts that all processes share, or by those of this one alone.</summary>
    public bool Matches(ClientAddress address, EpochId epoch, SubjectToken token)
    {
        var now = clock.Now;
        EpochSecret?[] secrets = [epochs.Find(epoch, now), ownEpochs.FindAddressEpoch((byte)epoch.Number, now)];
        return secrets.OfType<EpochSecret>().Any(secret => secret.Id == epoch && Of(SubjectKind.Address, address, secret).Token == token);
    }

    // An epoch that the store does not have is none in which anybody writes.
    private async ValueTask<bool> AreOfTheStoreAsync(EpochId[] wanted, long now, CancellationToken cancellationToken)
    {
        foreach (var epoch in wanted)
        {
            var held = await store.EpochAsync(epoch, candidate: null, calendar.End(epoch), cancellationToken);
            try
            {
                if (held is not null && epochs.Find(epoch, now)?.Matches(held) != true)
                {
                    return false;
                }
            }
            finally
            {
                held?.Zero();
            }
        }

        return true;
    }

    // What can't be read now may be another class' epoch: whether it mattered is looked at afterwards.
    private async ValueTask RefreshAsync(long now, CancellationToken cancellationToken)
    {
        try
        {
            await epochs.RefreshAsync(now, cancellationToken);
        }
        catch (Exception e) when (e is StoreException or PepperMissingException)
        {
        }
    }

    private SubjectInEpoch Of(SubjectKind level, ClientAddress address, EpochSecret secret)
    {
        var key = secret.Hasher.Key(level, address);
        return new SubjectInEpoch(key, calendar.Start(secret.Id), calendar.Deadline(secret.Id, key.Token.Prefix));
    }
}

/// <summary>An address, a network or a region in one epoch.</summary>
/// <param name="Key">Its kind and token.</param>
/// <param name="Start">Unix second at which the epoch began.</param>
/// <param name="Deadline">Unix second at which its record is gone.</param>
internal readonly record struct SubjectInEpoch(SubjectKey Key, long Start, long Deadline)
{
    /// <summary>Its token.</summary>
    public SubjectToken Token => Key.Token;
}
