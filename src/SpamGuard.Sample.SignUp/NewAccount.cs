namespace SpamGuard.Sample.SignUp;

/// <summary>What somebody signs up with.</summary>
/// <param name="Name">The name of the account.</param>
internal sealed record NewAccount(string Name);
