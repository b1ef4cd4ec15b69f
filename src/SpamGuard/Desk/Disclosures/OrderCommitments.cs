using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SpamGuard.Addresses;

namespace SpamGuard.Desk.Disclosures;

/// <summary>What the ledger has of an order instead of what must not be written down: HMAC-SHA-256 under the order key, in base64url.</summary>
/// <param name="Key">Of the key itself.</param>
/// <param name="Reference">Of how the authority calls it.</param>
/// <param name="Authority">Of which authority it is: for whoever has the order and wants to show that it is this one.</param>
/// <param name="Subjects">Of each different subject, in their own order, which says nothing of that in the request.</param>
internal sealed record OrderCommitments(string Key, string Reference, string Authority, ImmutableArray<string> Subjects)
{
    private const string ReferenceUse = "reference";
    private const string AuthorityUse = "authority";

    /// <summary>Commits to an order.</summary>
    public static OrderCommitments Of(OrderKey key, string reference, string authority, IReadOnlyList<ClientAddress> addresses) => new(
        key.CommitToKey(),
        key.Commit(ReferenceUse, reference),
        key.Commit(AuthorityUse, authority),
        [.. addresses.Select(key.Commit).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>Whether a key is the order's.</summary>
    public bool IsOf(OrderKey key) => Same(Key, key.CommitToKey());

    /// <summary>Whether the authority calls it so.</summary>
    public bool IsCalled(string reference, OrderKey key) => Same(Reference, key.Commit(ReferenceUse, reference));

    /// <summary>Compares addresses with those that the order names.</summary>
    public NamedAddresses Compare(IReadOnlyList<ClientAddress> addresses, OrderKey key)
    {
        var named = Subjects.ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> given = [.. addresses.Select(key.Commit)];
        return new NamedAddresses(
            given,
            [.. given.Index().Where(one => !named.Contains(one.Item)).Select(static one => one.Index)],
            named.Except(given, StringComparer.Ordinal).Count());
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}

/// <summary>Addresses as an order has them.</summary>
/// <param name="Commitments">That of each, in their order.</param>
/// <param name="Unnamed">The places of those that the order does not name.</param>
/// <param name="Missing">How many that it names are not among them.</param>
internal sealed record NamedAddresses(ImmutableArray<string> Commitments, ImmutableArray<int> Unnamed, int Missing)
{
    /// <summary>Whether they are those of the order, all of them and no other.</summary>
    public bool AreExact => Unnamed.IsEmpty && Missing == 0;
}
