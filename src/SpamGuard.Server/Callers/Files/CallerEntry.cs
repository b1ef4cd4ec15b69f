using SpamGuard.Policies;

namespace SpamGuard.Server.Callers.Files;

/// <summary>A caller as the file of <c>Callers:Path</c> says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identities">The subject alternative names that it is known by.</param>
/// <param name="Roles">One or more.</param>
/// <param name="Purposes">Which kinds of events it may ask for.</param>
/// <param name="Quotas">What is limited.</param>
internal sealed record CallerEntry(
    string Name, IReadOnlyList<string> Identities, CallerRoles Roles, IReadOnlyList<EventKind> Purposes, IReadOnlyDictionary<QuotaClass, Quota> Quotas);
