namespace SpamGuard.Signals;

/// <summary>Why a probability is what it is.</summary>
/// <param name="Code">The signal's or the notice's code, for example <c>ADDRESS_BURST</c>; the set grows.</param>
/// <param name="Weight">What it adds to the log-odds of spam; 0 for a notice.</param>
internal readonly record struct Reason(string Code, double Weight)
{
    /// <summary>The event came from a private address: usually a proxy's, sent by mistake.</summary>
    public const string PrivateAddress = "PRIVATE_ADDRESS";

    /// <summary>The policy makes documentation addresses give fixed verdicts.</summary>
    public const string TestAddress = "TEST_ADDRESS";
}
