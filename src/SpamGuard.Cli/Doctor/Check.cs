namespace SpamGuard.Cli.Doctor;

/// <summary>What was looked at.</summary>
/// <param name="Name">One of <see cref="CheckNames"/>.</param>
/// <param name="State">How it is.</param>
/// <param name="Found">What was found, or why it could not be looked at; never an address that somebody's event came from.</param>
/// <param name="Fix">What to do, in one sentence; empty where nothing is to be done.</param>
internal sealed record Check(string Name, CheckState State, string Found, string Fix = "");
