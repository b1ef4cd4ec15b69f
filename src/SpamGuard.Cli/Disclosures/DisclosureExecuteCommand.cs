using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure execute --yes</c>: prints what is still held on the addresses of an approved order, once.</summary>
internal sealed class DisclosureExecuteCommand : DisclosureVerb
{
    private readonly Argument<string> _id = IdArgument();
    private readonly Option<string?> _key = FileOption("--order-key-file", "A file that holds the order key.");
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it: an order is executed once. Without, say what it would do." };
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DisclosureExecuteCommand(Terminal terminal)
        : base(terminal, "execute", "Prints what is still held on the addresses of an approved order, each by its place in the list, from 0. That happens once: keep what is printed. To hold nothing is an answer like any other, and exits with 0.")
    {
        Add(_id);
        Add(_key);
        AddAddresses();
        Add(_yes);
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(_yes))
        {
            Terminal.Say("Nothing was done. With --yes this prints what is still held on the addresses of the order, once and never again.");
            return ExitCodes.Usage;
        }

        if (await LineAsync(parsed, _key, cancellationToken) is not { } key || await AddressesAsync(parsed, cancellationToken) is not { } addresses)
        {
            return ExitCodes.Usage;
        }

        var request = new DisclosureServiceExecuteRequest { DisclosureId = parsed.GetRequiredValue(_id), OrderKey = key, Addresses = { addresses } };
        return await _call.RunAsync(
            parsed,
            (invoker, options) => new DisclosureService.DisclosureServiceClient(invoker).ExecuteAsync(request, options),
            DisclosureText.Tables,
            static _ => ExitCodes.Ok,
            cancellationToken);
    }
}
