using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using SpamGuard.Policies.Files;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Certificates that are refused although an authority vouches for them: the file of <c>Callers:DeniedPath</c>.</summary>
internal sealed class DenyList
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Nobody is denied.</summary>
    public static readonly DenyList Empty = new([], []);

    private const string Allowed = "lines of serial HEX, or of san and a whole URI or DNS name, and comments behind #";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FrozenSet<string> _serials;
    private readonly FrozenSet<string> _identities;

    private DenyList(IEnumerable<string> serials, IEnumerable<string> identities) =>
        (_serials, _identities) = (serials.ToFrozenSet(StringComparer.Ordinal), identities.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>How many serial numbers and names there are.</summary>
    public int Count => _serials.Count + _identities.Count;

    /// <summary>Reads the content of a file; nobody is denied where there are faults.</summary>
    public static DenyList Read(byte[] content, out IReadOnlyList<PolicyFault> faults)
    {
        var (found, serials, identities) = (new List<PolicyFault>(), new List<string>(), new List<string>());
        try
        {
            var number = 0;
            foreach (var line in Strict.GetString(content).TrimStart('\uFEFF').Split('\n'))
            {
                number++;
                var words = WithoutComment(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 0 && !TryTake(words, serials, identities))
                {
                    found.Add(new PolicyFault(number, string.Empty, $"found '{PolicyText.Shown(line.Trim())}'; allowed are {Allowed}."));
                }
            }
        }
        catch (DecoderFallbackException)
        {
            found.Add(new PolicyFault(0, string.Empty, $"found bytes that are no UTF-8; allowed are {Allowed}."));
        }

        faults = PolicyFault.Told(found);
        return faults.Count == 0 ? new DenyList(serials, identities) : Empty;
    }

    // Only where a word could begin: a URI may have a # of its own.
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }
        }

        return line;
    }

    /// <summary>Whether a serial number is denied.</summary>
    /// <param name="serial">As <see cref="Serial"/> writes it.</param>
    public bool Has(string serial) => _serials.Contains(serial);

    /// <summary>Whether one of some names is denied.</summary>
    public bool HasAnyOf(ImmutableArray<string> identities)
    {
        foreach (var identity in identities)
        {
            if (_identities.Contains(identity))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The form of a serial number that is compared: upper case, without leading zeros.</summary>
    public static string Serial(string hex) => hex.ToUpperInvariant().TrimStart('0');

    private static bool TryTake(string[] words, List<string> serials, List<string> identities)
    {
        switch (words)
        {
            case ["serial", var text] when text.Replace(":", "", StringComparison.Ordinal) is { Length: > 0 } hex && hex.All(char.IsAsciiHexDigit):
                serials.Add(Serial(hex));
                return true;
            case ["san", var text] when CallerIdentity.TryNormalize(text, out var identity):
                identities.Add(identity);
                return true;
            default:
                return false;
        }
    }
}
