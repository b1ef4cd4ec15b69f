using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Csv;

namespace SpamGuard.Cli.Outcomes;

/// <summary><c>spamguard report --file OUTCOMES.csv</c>: tells a service what became of many events, by their addresses.</summary>
internal sealed class OutcomeFile
{
    private const long First = 2;

    private readonly Option<string?> _file = new("--file")
    {
        Description = $"Report every row of this CSV, by address. Columns: {string.Join(", ", OutcomeColumns.Names.Take(OutcomeColumns.Required))}, and if you like "
            + $"{string.Join(", ", OutcomeColumns.Names.Skip(OutcomeColumns.Required))}, in any order.",
        HelpName = "OUTCOMES",
    };

    private readonly Option<int> _rate = Whole("--rate", 500, 1, 100_000, "How many rows are sent a second.");
    private readonly Option<long> _from = new("--from")
    {
        Description = "The line to begin at, as the run that was stopped said it. The header is line 1.", HelpName = "LINE", DefaultValueFactory = _ => First,
    };

    private readonly Option<int> _retries = Whole(
        "--retries", 5, 0, 1000, "How often a row is tried again while the service is away or busy, each time after the wait that it asks for.");

    private readonly Option<int> _maxErrors = MaxErrors.Option();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check every row, send nothing, and say what would be sent." };
    private readonly Terminal _terminal;
    private readonly Lock _telling = new();

    /// <summary>Adds the options to the verb.</summary>
    public OutcomeFile(Command command, Terminal terminal)
    {
        _terminal = terminal;
        _from.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < First)
            {
                result.AddError($"--from is at least {First}: the header is line 1.");
            }
        });
        Option[] others = [_rate, _from, _retries, _maxErrors, _dryRun];
        command.Add(_file);
        foreach (var option in others)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!IsGiven(result) && others.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name} goes with --file.");
            }
            else if (result.GetValue(_file) is { Length: 0 })
            {
                result.AddError("--file is the path of a file, and not empty.");
            }
        });
    }

    /// <summary>Whether a file is named.</summary>
    public bool IsGiven(SymbolResult result) => result.GetResult(_file) is not null;

    /// <summary>Reports the file that is named; <c>null</c> where none is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Knows the server.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task<int?> RunAsync(ParseResult parsed, ServerCall call, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_file) is not { } path)
        {
            return null;
        }

        await using var file = CsvFile.Open(path, _terminal);
        if (file is null)
        {
            return ExitCodes.Usage;
        }

        var ids = await OutcomeIds.OfAsync(file, cancellationToken);
        file.Position = 0;
        using var reader = OutcomeReader.Open(file, out var fault);
        if (reader is null)
        {
            _terminal.Say(fault!.ToString());
            return ExitCodes.Failure;
        }

        var tally = new OutcomeTally(parsed.GetValue(_from));
        OutcomeRows Rows(Action<double>? moved) => new(
            reader, parsed.GetValue(_from), parsed.GetValue(_maxErrors), tally, Tell, () => moved?.Invoke(file.Done()));
        return parsed.GetValue(_dryRun)
            ? await CheckAsync(Rows, tally, call.IsJson(parsed), cancellationToken)
            : await call.ConnectAsync(parsed, connection => SendAsync(parsed, connection, ids, Rows, tally, call.IsJson(parsed), cancellationToken), cancellationToken);
    }

    private async Task<int> CheckAsync(Func<Action<double>?, OutcomeRows> open, OutcomeTally tally, bool json, CancellationToken cancellationToken)
    {
        var (rows, check) = await _terminal.WithBarAsync("check", moved =>
        {
            var rows = open(moved);
            return Task.FromResult((rows, OutcomeCheck.Of(rows, tally, cancellationToken)));
        });
        Print(check, check.Table, json);
        return Verdict(rows, check.WouldSend);
    }

    private async Task<int> SendAsync(
        ParseResult parsed,
        Connection connection,
        OutcomeIds ids,
        Func<Action<double>?, OutcomeRows> open,
        OutcomeTally tally,
        bool json,
        CancellationToken cancellationToken)
    {
        using var sender = new OutcomeSender(
            connection, ids, tally, Tell, parsed.GetValue(_rate), parsed.GetValue(_retries), TimeProvider.System);
        int code;
        try
        {
            code = await _terminal.WithBarAsync("report", async moved =>
            {
                var rows = open(moved);
                if (await sender.RunAsync(rows, cancellationToken) is not { } failure)
                {
                    return Verdict(rows, tally.Summary().Sent);
                }

                _terminal.Say(CallFailure.Describe(failure, connection.Server));
                return CallFailure.ExitCode(failure);
            });
        }
        catch (OperationCanceledException)
        {
            code = ExitCodes.Interrupted;
        }

        var summary = tally.Summary();
        Print(summary, summary.Table, json);
        if (summary.Untrusted > 0)
        {
            _terminal.Say("The service's policy does not trust the reports of this caller: those counted nothing.");
        }

        if (code != ExitCodes.Ok && summary.NextLine > parsed.GetValue(_from))
        {
            _terminal.Say(FormattableString.Invariant($"Stopped: all rows before line {summary.NextLine} are done. To go on: the same command with --from {summary.NextLine}."));
        }

        return code;
    }

    private int Verdict(OutcomeRows rows, int sent)
    {
        if (rows.TooManyErrors)
        {
            _terminal.Say("More rows are at fault than --max-errors allows: given up.");
            return ExitCodes.Failure;
        }

        if (sent == 0)
        {
            _terminal.Say("FILE holds no row that could be sent.");
            return ExitCodes.Failure;
        }

        return ExitCodes.Ok;
    }

    // Rows are refused while others are read.
    private void Tell(RowFault fault)
    {
        lock (_telling)
        {
            _terminal.Say(fault.ToString());
        }
    }

    private void Print<T>(T data, Func<TextTable> table, bool json)
    {
        if (json)
        {
            _terminal.WriteJson(data);
        }
        else
        {
            _terminal.Write(table());
        }
    }

    private static Option<int> Whole(string name, int byDefault, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least || result.GetValueOrDefault<int>() > most)
            {
                result.AddError(FormattableString.Invariant($"{name} is from {least} to {most}."));
            }
        });
        return option;
    }
}
