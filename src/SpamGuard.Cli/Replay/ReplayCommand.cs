using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace SpamGuard.Cli.Replay;

/// <summary><c>spamguard replay FILE</c>: how well the model would have done on events whose truth is known.</summary>
internal static class ReplayCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Argument<string> File = new("FILE") { Description = $"CSV with the columns {string.Join(',', MailColumns.Names)}, in order of time." };

    private static readonly Option<TimeSpan> FeedbackDelay = Duration("--feedback-delay", "1h", "How long after its event feedback comes.");

    private static readonly Option<double> FeedbackCoverage = Share(
        "--feedback-coverage", 1, zero: true, "The share of events on which feedback comes, 0 to 1. Neither this nor the delay counts where the file has reports.");

    private static readonly Option<int> Seed = new("--seed") { Description = "Salts, and which events get feedback, follow from it.", DefaultValueFactory = _ => 1 };

    private static readonly Option<bool> AccountMembers = new("--account-members") { Description = "Send accounts, as members of other subjects." };

    private static readonly Option<bool> AccountMemory = new("--account-memory") { Description = "Send accounts, and remember them." };

    private static readonly Option<bool> ContentMemory = new("--content-memory") { Description = "Send contents, and remember them." };

    private static readonly Option<TimeSpan> EpochPhase = Duration("--epoch-phase", "0d", "Shifts the epochs against the clock.");

    private static readonly Option<double> TestShare = Share(
        "--test-share", .3, zero: false, "The share of the rows, from the end, that is also judged by itself; above 0 and up to 1.");

    private static readonly Option<string?> Decisions = new("--decisions") { Description = "Write every decision to this CSV: " + DecisionWriter.Header + ".", HelpName = "OUT" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object, names in snake_case." };

    private static readonly Option<int> MaxErrors = new("--max-errors") { Description = "How many rows at fault are skipped before the run fails.", DefaultValueFactory = _ => 100 };

    /// <summary>The verb.</summary>
    public static Command Make(Terminal terminal)
    {
        var command = new Command("replay", "Plays labelled events through the model on their own time, and prints how well it told spam from the rest.")
        {
            File, FeedbackDelay, FeedbackCoverage, Seed, AccountMembers, AccountMemory, ContentMemory, EpochPhase, TestShare, Decisions, Json, MaxErrors,
        };
        command.Validators.Add(Check);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var options = Options(parsed);
        var path = parsed.GetRequiredValue(File);
        if (ReportsOf(path, terminal) is not { } reportsOfFile)
        {
            return ExitCodes.Failure;
        }

        if (reportsOfFile && (Given(parsed, FeedbackDelay) || Given(parsed, FeedbackCoverage)))
        {
            terminal.Say("The file has reports of its own: they are the feedback, and --feedback-delay and --feedback-coverage count nothing.");
        }

        await using var decisions = parsed.GetValue(Decisions) is { } to ? new DecisionWriter(new StreamWriter(to)) : null;
        await using var file = Open(path);
        using var reader = MailEventReader.Open(file, options.AccountMembers || options.AccountMemory, options.ContentMemory, out _)!;
        var result = await terminal.WithBarAsync(
            "replay",
            moved => new ReplayRunner(
                options, reportsOfFile, decisions, fault => terminal.Say(fault.ToString()), () => moved?.Invoke(file.Position / (double)Math.Max(1, file.Length)))
                .RunAsync(reader, cancellationToken));
        if (result is null)
        {
            terminal.Say($"More than {options.MaxErrors} rows are at fault (--max-errors): given up, and no figures are printed.");
            return ExitCodes.Failure;
        }

        Print(result, options, parsed.GetValue(Json), terminal);
        return ExitCodes.Ok;
    }

    private static ReplayOptions Options(ParseResult parsed) => new()
    {
        FeedbackDelay = parsed.GetValue(FeedbackDelay),
        FeedbackCoverage = parsed.GetValue(FeedbackCoverage),
        Seed = parsed.GetValue(Seed),
        AccountMembers = parsed.GetValue(AccountMembers),
        AccountMemory = parsed.GetValue(AccountMemory),
        ContentMemory = parsed.GetValue(ContentMemory),
        EpochPhase = parsed.GetValue(EpochPhase),
        TestShare = parsed.GetValue(TestShare),
        MaxErrors = parsed.GetValue(MaxErrors),
    };

    // The file is read twice: what the first event's feedback is depends on whether any row has a report.
    private static bool? ReportsOf(string path, Terminal terminal)
    {
        using var file = Open(path);
        using var reader = MailEventReader.Open(file, accounts: false, contents: false, out var fault);
        if (reader is null)
        {
            terminal.Say(fault!.ToString());
        }

        return reader?.AnyReport();
    }

    private static void Print(ReplayResult result, ReplayOptions options, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(result, Indented));
        }
        else
        {
            terminal.Write(ReplayTable.Of(result, options.TestShare));
        }
    }

    private static void Check(CommandResult result)
    {
        if (result.GetValue(MaxErrors) < 0)
        {
            result.AddError("--max-errors is at least 0.");
        }

        if (result.GetValue(File) is { } file && result.GetValue(Decisions) is { } to
            && string.Equals(Path.GetFullPath(file), Path.GetFullPath(to), StringComparison.Ordinal))
        {
            result.AddError("--decisions would overwrite FILE.");
        }
    }

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    private static Option<TimeSpan> Duration(string name, string byDefault, string description) => new(name)
    {
        Description = $"{description} [default: {byDefault}]",
        HelpName = "DURATION",
        DefaultValueFactory = _ => Durations.TryParse(byDefault, out var duration) ? duration : throw new ArgumentException(Durations.Form, nameof(byDefault)),
        CustomParser = result =>
        {
            if (!Durations.TryParse(result.Tokens[0].Value, out var duration))
            {
                result.AddError($"{name} is {Durations.Form}.");
            }

            return duration;
        },
    };

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
