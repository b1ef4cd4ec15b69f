using System.Text.Json;

namespace SpamGuard.Cli.Disclosures;

/// <summary>How the values of an enumeration of the protos are written on the command line: <c>child-exploitation</c>.</summary>
internal static class ProtoNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>()
        .Where(static value => !EqualityComparer<T>.Default.Equals(value, default))
        .ToDictionary(static value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);

    /// <summary>All names but that of what is not said.</summary>
    public static IReadOnlyCollection<string> All => Values.Keys;

    /// <summary>The value of a name; that of what is not said for <c>null</c>.</summary>
    public static T Of(string? name) => name is null ? default : Values[name];
}
