using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.V1;

namespace SpamGuard.Cli.Calls;

/// <summary>What the command line says about an event besides its address.</summary>
internal sealed class EventOptions
{
    private const string SignUp = "sign-up";
    private const string Message = "message";

    private readonly Option<string> _kind = new("--kind") { Description = "What is about to be accepted.", HelpName = $"{SignUp}|{Message}" };
    private readonly Option<string?> _account = new("--account") { Description = "Digest of the account, where there is one; never a name in the clear." };
    private readonly Option<string?> _content = new("--content") { Description = "Digest of the content, where there is one." };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="byAddress">Whether the verb, as it was called, names an event by its address, or else by a token; <c>null</c> where it always does.</param>
    public EventOptions(Command command, Func<CommandResult, bool>? byAddress = null)
    {
        _kind.AcceptOnlyFromAmong(SignUp, Message);
        _kind.Required = byAddress is null;
        command.Add(_kind);
        command.Add(_account);
        command.Add(_content);
        if (byAddress is not null)
        {
            command.Validators.Add(result => Check(result, byAddress(result)));
        }
    }

    /// <summary>The event at an address.</summary>
    public Event Read(ParseResult parsed, string address) => new()
    {
        Kind = string.Equals(parsed.GetValue(_kind), Message, StringComparison.Ordinal) ? EventKind.Message : EventKind.SignUp,
        Address = address,
        Account = parsed.GetValue(_account) ?? string.Empty,
        Content = parsed.GetValue(_content) ?? string.Empty,
    };

    /// <summary>Whether an account or a content is named.</summary>
    public bool NamesDigests(CommandResult result) => Given(result, _account) || Given(result, _content);

    private void Check(CommandResult result, bool byAddress)
    {
        if (byAddress)
        {
            if (!Given(result, _kind))
            {
                result.AddError($"With an address, --kind {SignUp} or --kind {Message} is needed.");
            }
        }
        else if (Given(result, _kind) || Given(result, _account) || Given(result, _content))
        {
            result.AddError("A token says what the event was: --kind, --account and --content go with an address only.");
        }
    }

    private static bool Given(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
