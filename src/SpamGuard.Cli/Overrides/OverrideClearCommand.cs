using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Overrides;

/// <summary><c>spamguard override clear ID --yes</c>: takes back what was said.</summary>
internal sealed class OverrideClearCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The id that set printed, or list." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it. Without, say what it would do." };
    private readonly Terminal _terminal;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public OverrideClearCommand(Terminal terminal)
        : base("clear", "Takes back what was said, everywhere within two seconds. Exits with 3 where nothing of that id is in force.")
    {
        _terminal = terminal;
        Add(_id);
        Add(_yes);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(_yes))
        {
            _terminal.Say("Nothing was done. With --yes the override is taken back, and the model decides again.");
            return Task.FromResult(ExitCodes.Usage);
        }

        var request = new OverrideServiceClearRequest { Id = parsed.GetRequiredValue(_id) };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new OverrideService.OverrideServiceClient(invoker).ClearAsync(request, options),
            response => OverrideText.Tables(request.Id, response),
            static _ => ExitCodes.Ok,
            cancellationToken);
    }
}
