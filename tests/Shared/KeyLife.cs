using System.Globalization;

namespace SpamGuard.Testing;

/// <summary>A key of the store and what is left of its life.</summary>
/// <param name="Key">Its name.</param>
/// <param name="LeftMilliseconds">As PTTL answers: -1 for a key that never expires.</param>
/// <param name="CapSeconds">The longest life that its class allows; <c>null</c> for a key of no class.</param>
internal sealed record KeyLife(string Key, long LeftMilliseconds, long? CapSeconds)
{
    private const long Forever = -1;

    /// <summary>What is wrong with it; <c>null</c> for nothing.</summary>
    public string? Fault => (CapSeconds, LeftMilliseconds) switch
    {
        (null, _) => $"{Key} has no class",
        (_, Forever) => $"{Key} never expires",
        ({ } cap, var left) when left > cap * 1000 =>
            string.Create(CultureInfo.InvariantCulture, $"{Key} lives another {left} ms, and its cap is {cap * 1000} ms"),
        _ => null,
    };
}
