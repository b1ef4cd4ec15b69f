using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Csv;

namespace SpamGuard.Cli.Outcomes;

/// <summary><c>spamguard report --file OUTCOMES.csv</c>: tells a service what became of many events, by their addresses.</summary>
/// <param name="run">What is asked for.</param>
/// <param name="json">Whether the figures are JSON.</param>
/// <param name="terminal">Where they go.</param>
internal sealed class OutcomeFile(OutcomeRun run, bool json, Terminal terminal)
{
    private readonly OutcomeTally _tally = new(run.From);
    private readonly Lock _telling = new();

    /// <summary>Reads the file and sends its rows, or only checks them. Returns what the program exits with.</summary>
    /// <param name="connect">Connects to the server, if rows are to be sent, and ends the work's failed calls.</param>
    /// <param name="cancellationToken">Ctrl-C: what is under way is given up, and the line to go on with is told.</param>
    public async Task<int> RunAsync(Func<Func<Connection, Task<int>>, Task<int>> connect, CancellationToken cancellationToken)
    {
        await using var file = CsvFile.Open(run.File, terminal);
        if (file is null)
        {
            return ExitCodes.Usage;
        }

        var ids = await OutcomeIds.OfAsync(file, cancellationToken);
        file.Position = 0;
        using var reader = OutcomeReader.Open(file, out var fault);
        if (reader is null)
        {
            terminal.Say(fault!.ToString());
            return ExitCodes.Failure;
        }

        OutcomeRows Rows(Action<double>? moved) => new(reader, run.From, run.MaxErrors, _tally, Tell, () => moved?.Invoke(file.Done()));
        return run.DryRun ? await CheckAsync(Rows, cancellationToken) : await connect(connection => SendAsync(connection, ids, Rows, cancellationToken));
    }

    private async Task<int> CheckAsync(Func<Action<double>?, OutcomeRows> open, CancellationToken cancellationToken)
    {
        var (rows, check) = await terminal.WithBarAsync("check", moved =>
        {
            var rows = open(moved);
            return Task.FromResult((rows, OutcomeCheck.Of(rows, _tally, cancellationToken)));
        });
        Print(check, check.Table);
        return ExitCode(rows, check.WouldSend);
    }

    private async Task<int> SendAsync(Connection connection, OutcomeIds ids, Func<Action<double>?, OutcomeRows> open, CancellationToken cancellationToken)
    {
        using var sender = new OutcomeSender(connection, ids, _tally, Tell, run.Rate, run.Retries, TimeProvider.System);
        int code;
        try
        {
            code = await terminal.WithBarAsync("report", async moved =>
            {
                var rows = open(moved);
                if (await sender.RunAsync(rows, cancellationToken) is not { } failure)
                {
                    return ExitCode(rows, _tally.Summary().Sent);
                }

                CallFailure.Tell(failure, connection.Server, terminal);
                return CallFailure.ExitCode(failure);
            });
        }
        catch (OperationCanceledException)
        {
            code = ExitCodes.Interrupted;
        }

        Conclude(code);
        return code;
    }

    private void Conclude(int code)
    {
        var summary = _tally.Summary();
        Print(summary, summary.Table);
        if (summary.Untrusted > 0)
        {
            terminal.Say("The service's policy does not trust the reports of this caller: those counted nothing.");
        }

        if (code != ExitCodes.Ok && summary.NextLine > run.From)
        {
            terminal.Say(FormattableString.Invariant(
                $"Stopped: all rows before line {summary.NextLine} are done. To go on: the same command with --from {summary.NextLine}."));
        }
    }

    private int ExitCode(OutcomeRows rows, int sent)
    {
        if (rows.TooManyErrors)
        {
            terminal.Say(FormattableString.Invariant($"More than {run.MaxErrors} rows are at fault (--max-errors): given up."));
            return ExitCodes.Failure;
        }

        if (sent == 0)
        {
            terminal.Say("FILE holds no row that could be sent.");
            return ExitCodes.Failure;
        }

        return ExitCodes.Ok;
    }

    // Rows are refused while others are read.
    private void Tell(RowFault fault)
    {
        lock (_telling)
        {
            terminal.Say(fault.ToString());
        }
    }

    private void Print<T>(T data, Func<TextTable> table)
    {
        if (json)
        {
            terminal.WriteJson(data);
        }
        else
        {
            terminal.Write(table());
        }
    }
}
