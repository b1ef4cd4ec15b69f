using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Desk.Disclosures;

/// <summary>The records of addresses in a store that has no lists of reports.</summary>
internal sealed class SubjectsOfAStore(ISignalStore store) : ISubjectStore
{
    public async ValueTask<HeldKeys[]> ReadAsync(IReadOnlyList<SubjectToken> addresses, CancellationToken cancellationToken)
    {
        var records = await store.ReadAsync([.. addresses.Select(static token => new SubjectKey(SubjectKind.Address, token))], cancellationToken);
        return [.. records.Select(static record => new HeldKeys(record, default))];
    }

    public ValueTask<ErasedKeys> EraseAsync(IReadOnlyList<SubjectToken> addresses, int replicas, CancellationToken cancellationToken) => throw new NotSupportedException();
}
