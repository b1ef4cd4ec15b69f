using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure show</c>: where an order stands.</summary>
internal sealed class DisclosureShowCommand : DisclosureVerb
{
    private readonly Argument<string> _id = IdArgument();
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DisclosureShowCommand(Terminal terminal)
        : base(terminal, "show", "Prints where an order stands. Exits with 3 where there is none of this name.")
    {
        Add(_id);
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _call.RunAsync(
        parsed,
        (invoker, options) => new DisclosureService.DisclosureServiceClient(invoker).GetAsync(new DisclosureServiceGetRequest { DisclosureId = parsed.GetRequiredValue(_id) }, options),
        static response => [DisclosureText.Table(response.Disclosure)],
        static _ => ExitCodes.Ok,
        cancellationToken);
}
