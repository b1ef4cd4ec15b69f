using System.Globalization;

namespace SpamGuard.Policies.Files;

/// <summary>Something in a policy file that can't be used.</summary>
/// <param name="Line">The line, from 1; 0 where it is the file's as a whole.</param>
/// <param name="Path">The key, parts separated by dots; empty where it is the file's as a whole.</param>
/// <param name="Text">What was found and what is allowed, as a sentence.</param>
internal sealed record PolicyFault(int Line, string Path, string Text)
{
    /// <summary>For example <c>line 3: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY.</c></summary>
    public override string ToString() =>
        (Line == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"line {Line}: ")) + (Path.Length == 0 ? Text : $"{Path}: {Text}");
}
