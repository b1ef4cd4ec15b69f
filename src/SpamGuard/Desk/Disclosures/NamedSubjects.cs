using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Disclosures;

/// <summary>Reads what is held on the addresses that an order names, and on nothing else.</summary>
internal sealed class NamedSubjects(SubjectTokens tokens, ISubjectStore store, StoreClock clock)
{
    private const int AtOnce = 100; // addresses: the store serves scorers between one call and the next

    /// <summary>Reads it.</summary>
    /// <returns>For each address, in the same order.</returns>
    /// <exception cref="StoreException">It can't be read now.</exception>
    public async Task<IReadOnlyList<HeldSubject>> ReadAsync(IReadOnlyList<ClientAddress> addresses, CancellationToken cancellationToken)
    {
        var subjects = await tokens.OfAsync(SubjectKind.Address, addresses, cancellationToken);
        var read = new List<HeldSubject>(addresses.Count);
        foreach (var part in subjects.Chunk(AtOnce))
        {
            var held = await store.ReadAsync([.. part.SelectMany(static epochs => epochs.Select(static epoch => epoch.Token))], cancellationToken);
            var place = 0;
            foreach (var epochs in part)
            {
                read.Add(HeldSubject.Of(clock.Now, epochs, held[place..(place + epochs.Count)]));
                place += epochs.Count;
            }
        }

        return read;
    }
}
