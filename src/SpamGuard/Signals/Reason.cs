namespace SpamGuard.Signals;

/// <summary>Why a probability is what it is.</summary>
/// <param name="Code">The signal's or the notice's code, for example <c>ADDRESS_BURST</c>; the set grows.</param>
/// <param name="Weight">What it adds to the log-odds of spam; 0 for a notice.</param>
internal readonly record struct Reason(string Code, double Weight);
