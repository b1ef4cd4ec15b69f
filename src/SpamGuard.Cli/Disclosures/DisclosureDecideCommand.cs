using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure decide</c>: approves or rejects an order, by another person than who opened it.</summary>
internal sealed class DisclosureDecideCommand : DisclosureVerb
{
    private readonly Argument<string> _id = IdArgument();
    private readonly Option<bool> _approve = new("--approve") { Description = "The order may be executed." };
    private readonly Option<bool> _reject = new("--reject") { Description = "It may not, ever." };
    private readonly Option<string> _key = FileOption("--order-key-file", "A file that holds the order key.");
    private readonly Option<string> _reference = FileOption("--reference-file", "A file that holds how the authority calls the order, in one line, as it was opened.");
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, without any address and without the reference, in at most 512 bytes: it is written down.", HelpName = "TEXT" };
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DisclosureDecideCommand(Terminal terminal)
        : base(terminal, "decide", "Approves or rejects an order, once. It takes a second person, with a certificate of other names and another key, who has the order and its key.")
    {
        Add(_id);
        Add(_approve);
        Add(_reject);
        Add(_key);
        Add(_reference);
        AddAddresses();
        Add(_reason);
        Validators.Add(result =>
        {
            if (result.GetValue(_approve) == result.GetValue(_reject))
            {
                result.AddError("Name either --approve or --reject.");
            }
        });
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (await LineAsync(parsed, _key, cancellationToken) is not { } key
            || await LineAsync(parsed, _reference, cancellationToken) is not { } reference
            || await AddressesAsync(parsed, cancellationToken) is not { } addresses)
        {
            return ExitCodes.Usage;
        }

        var request = new DisclosureServiceDecideRequest
        {
            DisclosureId = parsed.GetRequiredValue(_id),
            OrderKey = key,
            OrderReference = reference,
            Addresses = { addresses },
            Decision = parsed.GetValue(_approve) ? DisclosureDecision.Approve : DisclosureDecision.Reject,
            Reason = parsed.GetValue(_reason) ?? string.Empty,
        };
        return await _call.RunAsync(
            parsed,
            (invoker, options) => new DisclosureService.DisclosureServiceClient(invoker).DecideAsync(request, options),
            static response => [DisclosureText.Table(response.Disclosure)],
            static _ => ExitCodes.Ok,
            cancellationToken);
    }
}
