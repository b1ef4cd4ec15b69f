using System.CommandLine;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Disclosures;

/// <summary>What the verbs about orders have in common: what must not be an argument is read from files.</summary>
internal abstract class DisclosureVerb : Command
{
    private readonly Option<string> _addressesFile = new("--addresses-file")
    {
        Description = $"A file that holds the addresses that the order names, one a line. [default: {LineInput.FromInput}, standard input]",
        HelpName = "FILE",
        DefaultValueFactory = static _ => LineInput.FromInput,
    };

    /// <summary>The verb.</summary>
    protected DisclosureVerb(Terminal terminal, string name, string description)
        : base(name, description)
    {
        Terminal = terminal;
        SetAction(RunAsync);
    }

    /// <summary>The streams.</summary>
    protected Terminal Terminal { get; }

    /// <summary>An option for a file of one line.</summary>
    protected static Option<string?> FileOption(string name, string description) => new(name) { Description = description, HelpName = "FILE", Required = true };

    /// <summary>An option for one of the values of an enumeration of the protos, in lower case with hyphens.</summary>
    protected static Option<string> ChoiceOption<T>(string name, string description, bool required = true)
        where T : struct, Enum
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', ProtoNames<T>.All), Required = required };
        option.AcceptOnlyFromAmong([.. ProtoNames<T>.All]);
        return option;
    }

    /// <summary>The argument that names a disclosure.</summary>
    protected static Argument<string> IdArgument() => new("ID") { Description = "The disclosure_id that open printed." };

    /// <summary>Adds the option for the addresses.</summary>
    protected void AddAddresses() => Add(_addressesFile);

    /// <summary>Does it.</summary>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>The addresses; <c>null</c> after a message where there is none.</summary>
    protected async Task<string[]?> AddressesAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_addressesFile);
        if (path.Length > 0 && await LineInput.ListAsync(path, Terminal, cancellationToken) is { } addresses)
        {
            return addresses;
        }

        Terminal.Say(path is LineInput.FromInput ? "Standard input must hold the addresses, one a line." : $"{_addressesFile.Name}: {path} must hold the addresses, one a line.");
        return null;
    }

    /// <summary>What a file of one line holds; <c>null</c> after a message where it holds none, or more.</summary>
    protected async Task<string?> LineAsync(ParseResult parsed, Option<string?> option, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(option)!;
        if (path.Length > 0 && await LineInput.FileAsync(path, cancellationToken) is { } line)
        {
            return line;
        }

        Terminal.Say($"{option.Name}: {path} must hold one line and nothing else.");
        return null;
    }
}
