using System.Globalization;

namespace SpamGuard.Policies.Files;

/// <summary>Something in a policy file that can't be used.</summary>
/// <param name="Line">The line, from 1; 0 where it is the file's as a whole.</param>
/// <param name="Path">The key, parts separated by dots; empty where it is the file's as a whole.</param>
/// <param name="Text">What was found and what is allowed, as a sentence.</param>
internal sealed record PolicyFault(int Line, string Path, string Text)
{
    /// <summary>How many faults are told of one file; the last says how many more there are.</summary>
    public const int MostTold = 100;

    /// <summary>A fault of a value.</summary>
    public static PolicyFault At(PolicyNode node, IEnumerable<string> path, string text) => new(node.Line, string.Join('.', path.Select(PolicyText.Shown)), text);

    /// <summary>The faults of a file as they are told: by line, each once, and no more than <see cref="MostTold"/>.</summary>
    public static IReadOnlyList<PolicyFault> Told(IEnumerable<PolicyFault> faults)
    {
        var told = faults.OrderBy(fault => fault.Line).DistinctBy(fault => (fault.Line, fault.Text)).ToList();
        return told.Count <= MostTold
            ? told
            : [.. told.Take(MostTold - 1), new PolicyFault(0, string.Empty, string.Create(CultureInfo.InvariantCulture, $"{told.Count - MostTold + 1} more faults."))];
    }

    /// <summary>For example <c>line 3: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY.</c></summary>
    public override string ToString() =>
        (Line == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"line {Line}: ")) + (Path.Length == 0 ? Text : $"{Path}: {Text}");
}
