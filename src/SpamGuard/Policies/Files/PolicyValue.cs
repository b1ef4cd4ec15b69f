using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SpamGuard.Policies.Files;

/// <summary>What a key of a policy file may hold.</summary>
/// <param name="Allowed">In words, to stand behind "allowed are ".</param>
/// <param name="Read">Reads it; <c>null</c> where it is something else.</param>
/// <param name="Write">Writes what was read.</param>
/// <param name="Schema">The same as JSON Schema.</param>
internal sealed partial record PolicyValue(
    string Allowed, Func<PolicyNode, object?> Read, Func<object, JsonNode> Write, Func<JsonObject> Schema)
{
    /// <summary>What a property may hold, by its type and its attribute.</summary>
    public static PolicyValue Of(PropertyInfo property, PolicyKeyAttribute key) => Of(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
    {
        nameof(Boolean) => Flag,
        nameof(Double) => Number(key.Min, key.Max),
        nameof(Int32) when property.Name.EndsWith("Seconds", StringComparison.Ordinal) => Duration((int)key.Max),
        nameof(Int32) => WholeNumber((int)key.Min, (int)key.Max),
        nameof(Verdict) => Choice(Verdicts.All.Where(verdict => verdict <= key.Hardest), static verdict => verdict.Name()),
        nameof(FailureAnswer) => Choice(Enum.GetValues<FailureAnswer>(), static answer => answer.ToString().ToUpperInvariant()),
        nameof(ImmutableSortedSet<>) => Signals,
        var other => throw new NotSupportedException($"A policy file holds no {other}."),
    };

    /// <summary>A number.</summary>
    public static PolicyValue Number(double min, double max) => new(
        $"numbers from {PolicyText.Of(min)} to {PolicyText.Of(max)}",
        node => NumberOf(node) is { } number && number >= min && number <= max ? number : null,
        static value => JsonValue.Create((double)value),
        () => new JsonObject { ["type"] = "number", ["minimum"] = min, ["maximum"] = max });

    /// <summary>A switch.</summary>
    public static PolicyValue Flag { get; } = new(
        "true, false",
        static node => node.IsQuoted ? null : node.Text switch { "true" => true, "false" => false, _ => null },
        static value => JsonValue.Create((bool)value),
        static () => new JsonObject { ["type"] = "boolean" });

    /// <summary>The signals that a policy may speak of: the prior is where all of them begin.</summary>
    public static IReadOnlyList<SignalCode> Weighable { get; } = [.. Enum.GetValues<SignalCode>().Where(code => code != SignalCode.Prior)];

    private static PolicyValue Signals { get; } = new(
        "lists of " + string.Join(", ", Weighable.Select(code => code.Name())),
        static node => node.Items is { } items && items.All(item => SignalOf(item) is not null) && items.Select(item => item.Text).Distinct(StringComparer.Ordinal).Count() == items.Count
            ? items.Select(item => SignalOf(item)!.Value).ToImmutableSortedSet()
            : null,
        static value => new JsonArray([.. ((ImmutableSortedSet<SignalCode>)value).Select(code => JsonValue.Create(code.Name()))]),
        static () => new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["enum"] = new JsonArray([.. Weighable.Select(code => JsonValue.Create(code.Name()))]) },
            ["uniqueItems"] = true,
        });

    private static string Of(Type type) => type.IsGenericType ? nameof(ImmutableSortedSet<>) : type.Name;

    /// <summary>A whole number.</summary>
    public static PolicyValue WholeNumber(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"whole numbers from {min} to {max}"),
        node => NumberOf(node) is { } number && number >= min && number <= max && double.IsInteger(number) ? (int)number : null,
        static value => JsonValue.Create((int)value),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max });

    private static PolicyValue Duration(int max) => new(
        $"durations such as 30s, 5m or 1h, in whole seconds, up to {DurationText.Of(max)}",
        node => node.Text is { } text && DurationText.TryParse(text, out var duration) && duration.TotalSeconds <= max && double.IsInteger(duration.TotalSeconds)
            ? (int)duration.TotalSeconds
            : null,
        static value => JsonValue.Create(DurationText.Of((int)value)),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = DurationText.Pattern });

    private static PolicyValue Choice<T>(IEnumerable<T> choices, Func<T, string> name)
        where T : struct
    {
        var names = choices.ToDictionary(name, StringComparer.Ordinal);
        return new(
            string.Join(", ", names.Keys),
            node => node.Text is { } text && names.TryGetValue(text, out var choice) ? choice : null,
            value => JsonValue.Create(name((T)value)),
            () => new JsonObject { ["enum"] = new JsonArray([.. names.Keys.Select(one => JsonValue.Create(one))]) });
    }

    private static SignalCode? SignalOf(PolicyNode node) =>
        Weighable.Where(code => string.Equals(code.Name(), node.Text, StringComparison.Ordinal)).Select(code => (SignalCode?)code).FirstOrDefault();

    private static double? NumberOf(PolicyNode node) =>
        !node.IsQuoted && node.Text is { } text && NumberForm().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberForm();
}
