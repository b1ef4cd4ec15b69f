using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Csv;

namespace SpamGuard.Cli.Outcomes;

/// <summary>What the command line says about a file of outcomes.</summary>
internal sealed class OutcomeOptions
{
    private const int FirstRow = 2;

    private readonly Option<string?> _file = new("--file")
    {
        Description = $"Report every row of this CSV, by address. Columns: {string.Join(", ", OutcomeColumns.Names.Take(OutcomeColumns.Required))}, and if you like "
            + $"{string.Join(", ", OutcomeColumns.Names.Skip(OutcomeColumns.Required))}, in any order.",
        HelpName = "OUTCOMES",
    };

    private readonly Option<int> _rate = WholeOption.New("--rate", "N", 500, 1, 100_000, "How many rows are sent a second.");
    private readonly Option<int> _from = WholeOption.New(
        "--from", "LINE", FirstRow, FirstRow, int.MaxValue, "The line to begin at, as the run that was stopped said it; the header is line 1.");

    private readonly Option<int> _retries = WholeOption.New(
        "--retries", "N", 5, 0, 1000, "How often a row is tried again while the service is away or busy, each time after the wait that it asks for.");

    private readonly Option<int> _maxErrors = MaxErrors.Option();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check every row, send nothing, and say what would be sent." };

    /// <summary>Adds the options to the verb.</summary>
    public OutcomeOptions(Command command)
    {
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

    /// <summary>What is asked for; <c>null</c> where no file is named.</summary>
    public OutcomeRun? Read(ParseResult parsed) => parsed.GetValue(_file) is { } file
        ? new OutcomeRun(
            file, parsed.GetValue(_rate), parsed.GetValue(_from), parsed.GetValue(_retries), parsed.GetValue(_maxErrors), parsed.GetValue(_dryRun))
        : null;
}

/// <summary>How a file is to be reported.</summary>
/// <param name="File">Its path.</param>
/// <param name="Rate">How many rows are sent a second.</param>
/// <param name="From">The line to begin at; the header's is 1.</param>
/// <param name="Retries">How often a row is tried again.</param>
/// <param name="MaxErrors">How many rows may be at fault.</param>
/// <param name="DryRun">Whether nothing is to be sent.</param>
internal sealed record OutcomeRun(string File, int Rate, int From, int Retries, int MaxErrors, bool DryRun);
