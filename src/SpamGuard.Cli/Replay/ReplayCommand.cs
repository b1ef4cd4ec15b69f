using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Csv;
using SpamGuard.Cli.PolicyFiles;
using SpamGuard.Policies;
using SpamGuard.Retention;

namespace SpamGuard.Cli.Replay;

/// <summary><c>spamguard replay FILE</c>: how well the model would have done on events whose truth is known.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly Argument<string> _file = new("FILE") { Description = $"CSV with the columns {string.Join(',', MailColumns.Names)}, in order of time." };

    private readonly Option<TimeSpan?> _feedbackDelay = Durations.Option("--feedback-delay", "How long after its event feedback comes. [default: 1h]");

    private readonly Option<double> _feedbackCoverage = Share(
        "--feedback-coverage", 1, zero: true, "The share of events on which feedback comes, 0 to 1. Neither this nor the delay counts where the file has reports.");

    private readonly Option<int> _seed = new("--seed") { Description = "Salts, and which events get feedback, follow from it.", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _accountMembers = new("--account-members") { Description = "Send accounts, as members of other subjects." };

    private readonly Option<bool> _accountMemory = new("--account-memory") { Description = "Send accounts, and remember them." };

    private readonly Option<bool> _contentMemory = new("--content-memory") { Description = "Send contents, and remember them." };

    private readonly Option<TimeSpan?> _epochPhase = Durations.Option("--epoch-phase", "Shifts the epochs against the clock. [default: 0d]");

    private readonly Option<RetentionLives?> _retention = RetentionOption.Make();

    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "Judge by this policy file, and show what it would have changed. Which memories it has, the file says; --account-memory and --content-memory add theirs.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _against = new("--against")
    {
        Description = $"Compare --policy with this policy file. [default: {PolicyInput.Default}, the built-in one]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tags = TagInput.Option();

    private readonly Option<double> _testShare = Share(
        "--test-share", .3, zero: false, "The share of the rows, from the end, that is also judged by itself; above 0 and up to 1.");

    private readonly Option<string?> _decisions = new("--decisions") { Description = "Write every decision to this CSV: " + DecisionWriter.Header + ".", HelpName = "OUT" };

    private readonly Option<string?> _plots = new("--plots") { Description = "Draw reliability, ROC and precision-recall into this folder, as SVG.", HelpName = "DIR" };

    private readonly Option<bool> _json = JsonOption.New();

    private readonly Option<int> _maxErrors = MaxErrors.Option();

    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public ReplayCommand(Terminal terminal)
        : base("replay", "Plays labelled events through the model on their own time, and prints how well it told spam from the rest.")
    {
        _terminal = terminal;
        Add(_file);
        Option[] options =
        [
            _feedbackDelay, _feedbackCoverage, _seed, _accountMembers, _accountMemory, _contentMemory, _epochPhase, _retention, _policy, _against,
            _tags, _testShare, _decisions, _plots, _json, _maxErrors,
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
        if (ReadOptions(parsed) is not { } options)
        {
            return ExitCodes.Failure;
        }

        await using var file = CsvFile.Open(parsed.GetRequiredValue(_file), _terminal);
        if (file is null)
        {
            return ExitCodes.Usage;
        }

        var plots = parsed.GetValue(_plots);
        if (plots is not null && !CanWrite(plots))
        {
            return ExitCodes.Failure;
        }

        if (await SurveyAsync(file, options, cancellationToken) is not { } survey)
        {
            return ExitCodes.Failure;
        }

        if (options.LacksTags)
        {
            _terminal.Say("A policy speaks of tags, and without --tags no address has one: they have no effect.");
        }

        if (survey.AnyReport && (Given(parsed, _feedbackDelay) || Given(parsed, _feedbackCoverage)))
        {
            _terminal.Say("The file has reports of its own: they are the feedback, and --feedback-delay and --feedback-coverage count nothing.");
        }

        await using var decisions = parsed.GetValue(_decisions) is { } to ? new DecisionWriter(new StreamWriter(to)) : null;
        return options.Against is { } live
            ? await CompareAsync(options, live, survey, file, decisions, plots, parsed.GetValue(_json), cancellationToken)
            : await ReplayAsync(options, survey, file, decisions, plots, parsed.GetValue(_json), cancellationToken);
    }

    private async Task<int> ReplayAsync(
        ReplayOptions options, FileSurvey survey, FileStream file, DecisionWriter? decisions, string? plots, bool json, CancellationToken cancellationToken)
    {
        Action<double>? moved = null;
        using var runner = new ReplayRunner(options, survey, decisions, Tell, () => moved?.Invoke(file.Done()));
        var result = await PlayAsync("replay", file, options, reader => runner.Run(reader, cancellationToken), done => moved = done);
        if (!IsUsable(result, result?.All.Events, options))
        {
            return ExitCodes.Failure;
        }

        if (options.Retention is not null)
        {
            var usual = options with { Retention = null };
            using var usualRunner = new ReplayRunner(usual, survey, decisions: null, static _ => { }, () => moved?.Invoke(file.Done()));
            result = result! with
            {
                ByDefault = await PlayAsync(
                    "replay with the default retention", file, usual, reader => usualRunner.Run(reader, cancellationToken), done => moved = done),
            };
        }

        if (plots is not null)
        {
            ReplayPlots.Write(plots, (runner.AllScores, result!.All), (runner.LastScores, result.Test), ReplayTable.LastShare(options.TestShare));
        }

        Print(result!, json, [ReplayTable.Of(result!, options.TestShare)]);
        return ExitCodes.Ok;
    }

    private async Task<int> CompareAsync(
        ReplayOptions options,
        Policy live,
        FileSurvey survey,
        FileStream file,
        DecisionWriter? decisions,
        string? plots,
        bool json,
        CancellationToken cancellationToken)
    {
        Action<double>? moved = null;
        using var comparison = new PolicyComparison(options, live, survey, decisions, Tell, () => moved?.Invoke(file.Done()));
        var result = await PlayAsync("replay by two policies", file, options, reader => comparison.Run(reader, cancellationToken), done => moved = done);
        if (!IsUsable(result, result?.Candidate.All.Events, options))
        {
            return ExitCodes.Failure;
        }

        if (plots is not null)
        {
            var (all, test) = (result!.Candidate.All, result.Candidate.Test);
            ReplayPlots.Write(plots, (comparison.AllScores, all), (comparison.LastScores, test), ReplayTable.LastShare(options.TestShare));
        }

        Print(result!, json, ComparisonTable.Of(result!, options.TestShare));
        return ExitCodes.Ok;
    }

    private void Tell(RowFault fault) => _terminal.Say(fault.ToString());

    private bool IsUsable(object? result, long? events, ReplayOptions options)
    {
        if (result is null)
        {
            _terminal.Say($"More than {options.MaxErrors} rows are at fault (--max-errors): given up, and no figures are printed.");
        }
        else if (events == 0)
        {
            _terminal.Say("FILE holds no event that could be scored.");
        }

        return events > 0;
    }

    // Before the replay, which may take an hour.
    private bool CanWrite(string folder)
    {
        try
        {
            ReplayPlots.Prepare(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _terminal.Say($"--plots: no file can be written there: {e.Message}");
            return false;
        }
    }

    // Null where a policy or the tags can't be used, which is told.
    private ReplayOptions? ReadOptions(ParseResult parsed)
    {
        var (path, against) = (parsed.GetValue(_policy), parsed.GetValue(_against));
        var policy = PolicyInput.ReadOrSay(path ?? PolicyInput.Default, _terminal)?.Policy;
        var live = path is null ? null : PolicyInput.ReadOrSay(against ?? PolicyInput.Default, _terminal)?.Policy;
        var folder = parsed.GetValue(_tags);
        var tags = folder is null ? null : TagInput.ReadOrSay(folder, _terminal);
        return policy is null || (path is not null && live is null) || (folder is not null && tags is null)
            ? null
            : ReadSwitches(parsed) with { Policy = policy, Against = live, Tags = tags };
    }

    private ReplayOptions ReadSwitches(ParseResult parsed) => new()
    {
        FeedbackDelay = parsed.GetValue(_feedbackDelay) ?? TimeSpan.FromHours(1),
        FeedbackCoverage = parsed.GetValue(_feedbackCoverage),
        Seed = parsed.GetValue(_seed),
        AccountMembers = parsed.GetValue(_accountMembers),
        AccountMemory = parsed.GetValue(_accountMemory),
        ContentMemory = parsed.GetValue(_contentMemory),
        EpochPhase = parsed.GetValue(_epochPhase) ?? TimeSpan.Zero,
        Retention = parsed.GetValue(_retention),
        TestShare = parsed.GetValue(_testShare),
        MaxErrors = parsed.GetValue(_maxErrors),
    };

    private Task<TResult?> PlayAsync<TResult>(
        string title, FileStream file, ReplayOptions options, Func<MailEventReader, TResult?> play, Action<Action<double>?> bar)
        where TResult : class =>
        _terminal.WithBarAsync(title, done =>
        {
            bar(done);
            using var reader = OpenReader(file, options) ?? throw new IOException("FILE was changed while it was read.");
            return Task.FromResult(play(reader));
        });

    private async Task<FileSurvey?> SurveyAsync(FileStream file, ReplayOptions options, CancellationToken cancellationToken)
    {
        using var reader = OpenReader(file, options);
        return reader is null
            ? null
            : await _terminal.WithBarAsync(
                "count", moved => Task.FromResult(FileSurvey.Of(reader, () => moved?.Invoke(file.Done()), cancellationToken)));
    }

    private MailEventReader? OpenReader(FileStream file, ReplayOptions options)
    {
        file.Position = 0;
        var reader = MailEventReader.Open(file, options.ReadsAccounts, options.ReadsContents, out var fault);
        if (reader is null)
        {
            _terminal.Say(fault!.ToString());
        }

        return reader;
    }

    private void Print<TResult>(TResult result, bool json, IEnumerable<TextTable> tables)
    {
        if (json)
        {
            _terminal.WriteJson(result);
            return;
        }

        foreach (var table in tables)
        {
            _terminal.Write(table);
        }
    }

    private void Check(CommandResult result)
    {
        if (Array.Find([_plots, _tags], option => result.GetValue(option) is { Length: 0 }) is { } empty)
        {
            result.AddError($"{empty.Name} is the path of a folder, and not empty.");
        }

        if (result.GetValue(_tags) is not null && result.GetValue(_policy) is null)
        {
            result.AddError("--tags goes with --policy.");
        }

        if (result.GetValue(_against) is not null && result.GetValue(_policy) is null)
        {
            result.AddError("--against goes with --policy.");
        }

        if (result.GetValue(_policy) is not null && result.GetValue(_retention) is not null)
        {
            result.AddError("--policy and --retention are compared with what is in force one at a time.");
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

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

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
