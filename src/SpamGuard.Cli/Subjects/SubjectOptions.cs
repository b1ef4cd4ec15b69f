using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Subjects;

/// <summary>Which address, and why whoever asks may: the address never as an argument, which every user of the machine can read.</summary>
internal sealed class SubjectOptions
{
    private readonly Option<string> _addressFile = new("--address-file")
    {
        Description = $"A file that holds the address and nothing else. [default: {LineInput.FromInput}, standard input]", HelpName = "FILE", DefaultValueFactory = static _ => LineInput.FromInput,
    };

    private readonly Option<string?> _tokenFile = new("--decision-token-file")
    {
        Description = "A file that holds the decision_token of a decision of the last day on this address.", HelpName = "FILE",
    };

    private readonly Option<string?> _attestation = new("--attestation")
    {
        Description = "Instead of a token: how the person was identified, without any address, in at most 512 bytes.", HelpName = "TEXT",
    };

    private readonly Terminal _terminal;

    /// <summary>Adds the options to a verb.</summary>
    public SubjectOptions(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Add(_addressFile);
        command.Add(_tokenFile);
        command.Add(_attestation);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the files; <c>null</c> after a message where one does not hold one line.</summary>
    public async Task<SubjectTarget?> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var addressFile = parsed.GetRequiredValue(_addressFile);
        var address = addressFile is LineInput.FromInput ? await LineInput.LineAsync(_terminal.Input, cancellationToken) : await LineInput.FileAsync(addressFile, cancellationToken);
        if (address is null)
        {
            _terminal.Say(addressFile is LineInput.FromInput
                ? "Standard input must hold one address and nothing else."
                : $"--address-file: {addressFile} must hold one address and nothing else.");
            return null;
        }

        var token = string.Empty;
        if (parsed.GetValue(_tokenFile) is { } tokenFile)
        {
            token = await LineInput.FileAsync(tokenFile, cancellationToken);
            if (token is null)
            {
                _terminal.Say($"--decision-token-file: {tokenFile} must hold one decision token and nothing else.");
                return null;
            }
        }

        return new SubjectTarget(address, token, parsed.GetValue(_attestation) ?? string.Empty);
    }

    private void Check(CommandResult result)
    {
        if ((result.GetResult(_tokenFile) is null) == (result.GetResult(_attestation) is null))
        {
            result.AddError("Name either --decision-token-file or --attestation: why may this be asked?");
        }

        if (result.GetValue(_addressFile) is "" || result.GetValue(_tokenFile) is "")
        {
            result.AddError("--address-file and --decision-token-file are paths of files, and not empty.");
        }
    }
}
