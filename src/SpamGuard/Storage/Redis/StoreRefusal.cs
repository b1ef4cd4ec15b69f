using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>An entry of a server's ACL log, without what must not be told: names of keys, and of clients.</summary>
/// <param name="User">Who was refused; <c>null</c> where a name was only claimed, or is none that an operator would give.</param>
/// <param name="Reason">Why: <c>command</c>, <c>key</c>, <c>channel</c>, <c>auth</c>, or <c>other</c>.</param>
/// <param name="Count">How often.</param>
internal sealed record StoreRefusal(string? User, string Reason, long Count)
{
    private const int LongestName = 32;
    private const string ByPassword = "auth";

    private static readonly string[] Reasons = ["command", "key", "channel", ByPassword];

    /// <summary>Of an entry as ACL LOG answers it.</summary>
    public static StoreRefusal Of(RedisResult entry)
    {
        var fields = entry.ToDictionary(StringComparer.Ordinal);
        var reason = Array.Find(Reasons, known => string.Equals(known, Text("reason"), StringComparison.Ordinal)) ?? "other";
        var user = Text("username");
        return new(
            !string.Equals(reason, ByPassword, StringComparison.Ordinal) && IsName(user) ? user : null,
            reason,
            long.TryParse(Text("count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1);

        string Text(string field) => fields.TryGetValue(field, out var value) ? (string?)value ?? string.Empty : string.Empty;
    }

    /// <summary>In words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(User is null ? "somebody" : $"user {User}")} by {Reason}, {Count} times");

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
