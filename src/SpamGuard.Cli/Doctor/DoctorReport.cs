using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpamGuard.Cli.Doctor;

/// <summary>What a run of <c>spamguard doctor</c> found. Every check stands in it once, in the order of <see cref="CheckNames.All"/>.</summary>
/// <param name="server">Who was looked at, as the command line says it.</param>
internal sealed class DoctorReport(Uri server)
{
    private static readonly Dictionary<string, ConsoleColor> Colours = new(StringComparer.Ordinal)
    {
        ["ok"] = ConsoleColor.Green, ["warn"] = ConsoleColor.Yellow, ["fail"] = ConsoleColor.Red, ["unknown"] = ConsoleColor.DarkGray,
    };

    private readonly Dictionary<string, Check> _checks = new(StringComparer.Ordinal);
    private string? _stopped;

    /// <summary>Whether nobody answers there.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>The checks; those that were not come to are unknown.</summary>
    public IEnumerable<Check> Checks => CheckNames.All.Select(name =>
        _checks.GetValueOrDefault(name) ?? new Check(name, CheckState.Unknown, $"not looked at, because of {_stopped ?? "an interruption"}"));

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode =>
        IsUnreachable ? ExitCodes.Unavailable : Checks.Any(static check => check.State is CheckState.Fail) ? ExitCodes.VerificationFailed : ExitCodes.Ok;

    /// <summary>Adds what was found.</summary>
    public void Add(string name, CheckState state, string found, string fix = "") => _checks[name] = new Check(name, state, found.ReplaceLineEndings(" "), fix);

    /// <summary>Adds what makes it useless to look at the rest.</summary>
    /// <returns>False, for whoever asks whether to go on.</returns>
    public bool Stop(string name, string found, string fix, bool isUnreachable = false)
    {
        Add(name, CheckState.Fail, found, fix);
        _stopped = name;
        IsUnreachable = isUnreachable;
        return false;
    }

    /// <summary>For people.</summary>
    public TextTable Table() => new(
        ["check", "state", "found", "fix"], [.. Checks.Select(static check => (IReadOnlyList<string>)[check.Name, NameOf(check.State), check.Found, check.Fix])], Colours: Colours);

    /// <summary>For scripts.</summary>
    public JsonObject ToJson() => new()
    {
        ["server"] = server.GetLeftPart(UriPartial.Authority),
        ["reachable"] = !IsUnreachable,
        ["exit_code"] = ExitCode,
        ["checks"] = new JsonArray([.. Checks.Select(static check => new JsonObject { ["name"] = check.Name, ["state"] = NameOf(check.State), ["found"] = check.Found, ["fix"] = check.Fix })]),
    };

    /// <summary>In one line.</summary>
    public string Summary()
    {
        var counts = Checks.CountBy(static check => check.State).ToDictionary();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{server.GetLeftPart(UriPartial.Authority)}: {string.Join(", ", Enum.GetValues<CheckState>().Select(state => $"{counts.GetValueOrDefault(state)} {NameOf(state)}"))}.");
    }

    private static string NameOf(CheckState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
