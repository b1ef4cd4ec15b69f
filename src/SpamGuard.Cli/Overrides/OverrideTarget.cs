using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Overrides;

/// <summary>Of whom something is said: one of three files, for an argument can be read by every user of the machine.</summary>
internal sealed class OverrideTarget
{
    private const string Names = "--address-file, --network-file and --decision-token-file";

    private readonly Option<string?> _address = new("--address-file") { Description = $"A file that holds one address and nothing else; {LineInput.FromInput} is standard input.", HelpName = "FILE" };
    private readonly Option<string?> _network = new("--network-file") { Description = "A file that holds one network: ADDRESS/24 or /16 of IPv4, /48 or /32 of IPv6.", HelpName = "FILE" };
    private readonly Option<string?> _token = new("--decision-token-file") { Description = "A file that holds the decision_token of somebody who appeals.", HelpName = "FILE" };
    private readonly Terminal _terminal;

    /// <summary>Adds the options to a verb.</summary>
    public OverrideTarget(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Add(_address);
        command.Add(_network);
        command.Add(_token);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the file into a request; false after a message where it does not hold one line.</summary>
    public async Task<bool> ReadAsync(ParseResult parsed, OverrideServiceSetRequest request, CancellationToken cancellationToken)
    {
        var option = Named(parsed.CommandResult).Single();
        var path = parsed.GetValue(option)!;
        var line = path is LineInput.FromInput ? await LineInput.LineAsync(_terminal.Input, cancellationToken) : await LineInput.FileAsync(path, cancellationToken);
        if (line is null)
        {
            _terminal.Say(path is LineInput.FromInput
                ? $"{option.Name}: standard input must hold one line and nothing else."
                : $"{option.Name}: {path} must hold one line and nothing else.");
            return false;
        }

        if (option == _address)
        {
            request.Address = line;
        }
        else if (option == _network)
        {
            request.Network = line;
        }
        else
        {
            request.DecisionToken = line;
        }

        return true;
    }

    private IEnumerable<Option<string?>> Named(CommandResult result) => new[] { _address, _network, _token }.Where(option => result.GetResult(option) is not null);

    private void Check(CommandResult result)
    {
        if (Named(result).Count() != 1)
        {
            result.AddError($"Name one of {Names}: of whom is it said?");
        }
        else if (result.GetValue(Named(result).Single()) is "")
        {
            result.AddError($"{Names} are paths of files, and not empty.");
        }
    }
}
