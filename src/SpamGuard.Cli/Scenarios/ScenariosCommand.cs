using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace SpamGuard.Cli.Scenarios;

/// <summary><c>spamguard scenarios</c>: whether the model still treats attackers and honest people in a synthetic world as it must.</summary>
internal sealed class ScenariosCommand : Command
{
    private static readonly JsonSerializerOptions SnakeCase = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Option<int> _seed = new("--seed") { Description = "The world, its reports and the salts follow from it.", DefaultValueFactory = _ => 1 };

    private readonly Option<TimeSpan?> _epochPhase = Durations.Option("--epoch-phase", "Shifts the epochs against the clock. [default: 0d]");

    private readonly Option<bool> _json = JsonOption.New();

    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public ScenariosCommand(Terminal terminal)
        : base("scenarios", "Plays fourteen days of a synthetic world through the model, and prints whether every gate holds; exits with 6 if one does not.")
    {
        _terminal = terminal;
        Add(_seed);
        Add(_epochPhase);
        Add(_json);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new ScenarioOptions { Seed = parsed.GetValue(_seed), EpochPhase = parsed.GetValue(_epochPhase) ?? TimeSpan.Zero };
        return RunAsync(options, _terminal, parsed.GetValue(_json), cancellationToken);
    }

    /// <summary>Plays the world of <paramref name="options"/> and prints how it went. Returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(ScenarioOptions options, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var report = await terminal.WithBarAsync("scenarios", moved => new ScenarioRunner(options, moved).RunAsync(cancellationToken));
        if (json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(report, SnakeCase));
        }
        else
        {
            terminal.Write(ScenarioTable.Of(report));
        }

        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{report.Gates} gates, {report.Lost} lost."));
        return report.Lost == 0 ? ExitCodes.Ok : ExitCodes.VerificationFailed;
    }
}
