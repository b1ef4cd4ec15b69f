using System.Globalization;

namespace SpamGuard.Server.Callers;

/// <summary>How much a caller may ask for: a bucket that fills at a rate.</summary>
/// <param name="PerSecond">The rate, .001 to 100,000.</param>
/// <param name="Burst">The size of the bucket, 1 to 1,000,000: how much may be asked for at once after a pause.</param>
internal sealed record Quota(double PerSecond, int Burst)
{
    /// <summary>That of <see cref="QuotaClass.Subject"/> where the file of callers names none: more than a desk asks by hand, and too little to try addresses one by one.</summary>
    public static readonly Quota Subjects = new(PerSecond: 1, Burst: 60);

    /// <summary>For example <c>50 a second, at most 100 at once</c>.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:0.###} a second, at most {Burst} at once");
}

/// <summary>What is counted apart.</summary>
internal enum QuotaClass
{
    /// <summary>Events to score, those of batches too.</summary>
    Score,

    /// <summary>Previews.</summary>
    Preview,

    /// <summary>Reports.</summary>
    Report,

    /// <summary>
    /// Questions and erasures for the person behind an address, orders of authorities, and overrides. Limited always: with an attestation any address can be asked about, and
    /// an override of a guessed address tells by what it replaces whether a token's is the same.
    /// </summary>
    Subject,
}
