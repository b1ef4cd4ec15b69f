using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace SpamGuard.Cli.Replay;

/// <summary><c>spamguard replay FILE</c>: how well the model would have done on events whose truth is known.</summary>
internal sealed class ReplayCommand : Command
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Argument<string> _file = new("FILE") { Description = $"CSV with the columns {string.Join(',', MailColumns.Names)}, in order of time." };

    private readonly Option<TimeSpan?> _feedbackDelay = Durations.Option("--feedback-delay", "How long after its event feedback comes. [default: 1h]");

    private readonly Option<double> _feedbackCoverage = Share(
        "--feedback-coverage", 1, zero: true, "The share of events on which feedback comes, 0 to 1. Neither this nor the delay counts where the file has reports.");

    private readonly Option<int> _seed = new("--seed") { Description = "Salts, and which events get feedback, follow from it.", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _accountMembers = new("--account-members") { Description = "Send accounts, as members of other subjects." };

    private readonly Option<bool> _accountMemory = new("--account-memory") { Description = "Send accounts, and remember them." };

    private readonly Option<bool> _contentMemory = new("--content-memory") { Description = "Send contents, and remember them." };

    private readonly Option<TimeSpan?> _epochPhase = Durations.Option("--epoch-phase", "Shifts the epochs against the clock. [default: 0d]");

    private readonly Option<double> _testShare = Share(
        "--test-share", .3, zero: false, "The share of the rows, from the end, that is also judged by itself; above 0 and up to 1.");

    private readonly Option<string?> _decisions = new("--decisions") { Description = "Write every decision to this CSV: " + DecisionWriter.Header + ".", HelpName = "OUT" };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object, names in snake_case." };

    private readonly Option<int> _maxErrors = new("--max-errors") { Description = "How many rows at fault are skipped before the run fails.", DefaultValueFactory = _ => 100 };

    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public ReplayCommand(Terminal terminal)
        : base("replay", "Plays labelled events through the model on their own time, and prints how well it told spam from the rest.")
    {
        _terminal = terminal;
        Add(_file);
        Option[] options =
        [
            _feedbackDelay, _feedbackCoverage, _seed, _accountMembers, _accountMemory, _contentMemory, _epochPhase, _testShare, _decisions, _json, _maxErrors,
        ];
        foreach (var option in options)
        {
            Add(option);
        }

        Validators.Add(Check);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parsed);
        await using var file = Open(parsed.GetRequiredValue(_file));
        if (!file.CanSeek)
        {
            _terminal.Say("FILE is a file: it is read twice, and a pipe can't be.");
            return ExitCodes.Usage;
        }

        if (await SurveyAsync(file, options, cancellationToken) is not { } survey)
        {
            return ExitCodes.Failure;
        }

        if (survey.AnyReport && (Given(parsed, _feedbackDelay) || Given(parsed, _feedbackCoverage)))
        {
            _terminal.Say("The file has reports of its own: they are the feedback, and --feedback-delay and --feedback-coverage count nothing.");
        }

        await using var decisions = parsed.GetValue(_decisions) is { } to ? new DecisionWriter(new StreamWriter(to)) : null;
        using var reader = OpenReader(file, options);
        if (reader is null)
        {
            return ExitCodes.Failure; // the file was changed meanwhile
        }

        var result = await _terminal.WithBarAsync(
            "replay",
            moved => new ReplayRunner(options, survey, decisions, fault => _terminal.Say(fault.ToString()), () => moved?.Invoke(Done(file)))
                .RunAsync(reader, cancellationToken));
        if (result is null)
        {
            _terminal.Say($"More than {options.MaxErrors} rows are at fault (--max-errors): given up, and no figures are printed.");
            return ExitCodes.Failure;
        }

        if (result.All.Events == 0)
        {
            _terminal.Say("FILE holds no event that could be scored.");
            return ExitCodes.Failure;
        }

        Print(result, options, parsed.GetValue(_json));
        return ExitCodes.Ok;
    }

    private ReplayOptions ReadOptions(ParseResult parsed) => new()
    {
        FeedbackDelay = parsed.GetValue(_feedbackDelay) ?? TimeSpan.FromHours(1),
        FeedbackCoverage = parsed.GetValue(_feedbackCoverage),
        Seed = parsed.GetValue(_seed),
        AccountMembers = parsed.GetValue(_accountMembers),
        AccountMemory = parsed.GetValue(_accountMemory),
        ContentMemory = parsed.GetValue(_contentMemory),
        EpochPhase = parsed.GetValue(_epochPhase) ?? TimeSpan.Zero,
        TestShare = parsed.GetValue(_testShare),
        MaxErrors = parsed.GetValue(_maxErrors),
    };

    private async Task<FileSurvey?> SurveyAsync(FileStream file, ReplayOptions options, CancellationToken cancellationToken)
    {
        using var reader = OpenReader(file, options);
        return reader is null
            ? null
            : await _terminal.WithBarAsync(
                "count", moved => Task.FromResult(FileSurvey.Of(reader, () => moved?.Invoke(Done(file)), cancellationToken)));
    }

    private MailEventReader? OpenReader(FileStream file, ReplayOptions options)
    {
        file.Position = 0;
        var reader = MailEventReader.Open(file, options.SendsAccounts, options.ContentMemory, out var fault);
        if (reader is null)
        {
            _terminal.Say(fault!.ToString());
        }

        return reader;
    }

    private void Print(ReplayResult result, ReplayOptions options, bool json)
    {
        if (json)
        {
            _terminal.Output.WriteLine(JsonSerializer.Serialize(result, Indented));
        }
        else
        {
            _terminal.Write(ReplayTable.Of(result, options.TestShare));
        }
    }

    private void Check(CommandResult result)
    {
        if (result.GetValue(_maxErrors) < 0)
        {
            result.AddError("--max-errors is at least 0.");
        }

        var (file, to) = (result.GetValue(_file), result.GetValue(_decisions));
        if (file is { Length: 0 } || to is { Length: 0 })
        {
            result.AddError($"{(file is { Length: 0 } ? "FILE" : "--decisions")} is the path of a file, and not empty.");
            return;
        }

        if (file is not null && to is not null
            && string.Equals(Path.GetFullPath(file), Path.GetFullPath(to), StringComparison.Ordinal))
        {
            result.AddError("--decisions would overwrite FILE.");
        }
    }

    private static double Done(FileStream file) => file.Position / (double)Math.Max(1, file.Length);

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    private static Option<double> Share(string name, double byDefault, bool zero, string description)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "SHARE", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1) || (!zero && result.GetValueOrDefault<double>() == 0))
            {
                result.AddError($"{name} is {(zero ? "from" : "above")} 0 and up to 1.");
            }
        });
        return option;
    }
}
