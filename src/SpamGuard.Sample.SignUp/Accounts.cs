using System.Collections.Concurrent;

namespace SpamGuard.Sample.SignUp;

/// <summary>The accounts: in memory, so gone when the sample ends.</summary>
internal sealed class Accounts
{
    private readonly ConcurrentQueue<Account> _accounts = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<Account> All => _accounts;

    /// <summary>Adds one.</summary>
    public void Add(string name, string? decisionToken) => _accounts.Enqueue(new Account(name, decisionToken));
}
