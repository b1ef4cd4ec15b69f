namespace SpamGuard.Sample.SignUp;

/// <summary>An account.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DecisionToken">What it was accepted by, kept in the address' place, for reports within 3.5 days; <c>null</c> where SpamGuard was away.</param>
internal sealed record Account(string Name, string? DecisionToken);
