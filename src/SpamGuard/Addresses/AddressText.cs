using System.Text.RegularExpressions;

namespace SpamGuard.Addresses;

/// <summary>Finds addresses in text that will be kept: there must be none.</summary>
internal static partial class AddressText
{
    private const int Longest = 45;

    /// <summary>Whether a text holds what reads as an IPv4 or IPv6 address, whatever stands around it.</summary>
    public static bool HoldsAddress(string text)
    {
        if (FourNumbers().IsMatch(text))
        {
            return true;
        }

        foreach (var run in HexAndColons().EnumerateMatches(text))
        {
            var rest = text.AsSpan(run.Index, run.Length);
            for (; !rest.IsEmpty; rest = rest[1..])
            {
                for (var length = Math.Min(rest.Length, Longest); length > 1; length--)
                {
                    if (ClientAddress.TryParse(rest[..length], out _))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    // More than are addresses: 999.1.1.1 and 010.0.0.1 are none to a strict reader, and still say which one was meant.
    [GeneratedRegex(@"[0-9]{1,3}(\.[0-9]{1,3}){3}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FourNumbers();

    [GeneratedRegex("[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*", RegexOptions.NonBacktracking)]
    private static partial Regex HexAndColons();
}
