using System.Buffers.Text;
using System.Text.RegularExpressions;
using SpamGuard.Addresses;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The tokens in a store: nothing but the store may hold one.</summary>
internal static partial class StoreTokens
{
    /// <summary>What stands in the braces of keys, and after them; of overrides, whose names are random and no secret, the token in their value.</summary>
    public static async Task<HashSet<string>> ReadAsync(IDatabase store)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in (await KeyspaceSink.KeysAsync(store)).Select(static key => key.ToString()))
        {
            if (!key.StartsWith("sg:x:", StringComparison.Ordinal))
            {
                tokens.UnionWith(Token().Matches(key).Select(static match => match.Value));
            }
            else if ((byte[]?)await store.StringGetAsync(key).DefaultTimeout() is { Length: OperatorOverride.Size } said)
            {
                tokens.Add(Base64Url.EncodeToString(said.AsSpan(OperatorOverride.Size - SubjectToken.Size)));
            }
        }

        return tokens;
    }

    /// <summary>Looks for them.</summary>
    public static CanaryDetector Detector(IEnumerable<string> tokens) => new(tokens.Select(static token => new Needle("a key of the store", "token", token, IsRaw: false)));

    [GeneratedRegex("[A-Za-z0-9_-]{16}")]
    private static partial Regex Token();
}
