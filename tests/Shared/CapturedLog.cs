using Microsoft.Extensions.Logging;

namespace SpamGuard.Testing;

/// <summary>Everything that one log call handed to a provider, as text: whatever is in here, some sink may write.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Level">The level.</param>
/// <param name="Event">Id and name.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="State">Keys and values of the state, the template among them.</param>
/// <param name="Scopes">The scopes around the call, outermost first, their keys and values too.</param>
/// <param name="Exception">The exception with all inner ones and their <c>Data</c>.</param>
public sealed record CapturedLog(
    string Category,
    LogLevel Level,
    EventId Event,
    string Message,
    IReadOnlyList<KeyValuePair<string, string?>> State,
    IReadOnlyList<string> Scopes,
    string? Exception)
{
    /// <summary>All of it in one string, to search for what must not be there.</summary>
    public string Text { get; } = string.Join(
        '\n',
        [
            $"{Level} {Category} {Event.Id} {Event.Name}: {Message}",
            .. State.Select(pair => $"  {pair.Key}={pair.Value}"),
            .. Scopes.Select(scope => $"  => {scope}"),
            .. Exception is null ? Array.Empty<string>() : [Exception],
        ]);

    public override string ToString() => Text;
}
