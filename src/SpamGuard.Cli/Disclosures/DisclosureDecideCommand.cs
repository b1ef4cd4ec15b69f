using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure decide</c>: approves an order, by another person than who opened it, or rejects it, as long as it is not executed.</summary>
internal sealed class DisclosureDecideCommand : DisclosureVerb
{
    private readonly Argument<string> _id = IdArgument();
    private readonly Option<bool> _approve = new("--approve") { Description = "The order may be executed." };
    private readonly Option<bool> _reject = new("--reject") { Description = "It may not, ever: not even if it is approved." };
    private readonly Option<string?> _key = new("--order-key-file") { Description = "A file that holds the order key. To approve.", HelpName = "FILE" };
    private readonly Option<string?> _reference = new("--reference-file") { Description = "A file that holds how the authority calls the order, in one line, as it was opened. To approve.", HelpName = "FILE" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, without any address and without the reference, in at most 512 bytes: it is written down. Takes both files, so that neither stands in it.", HelpName = "TEXT" };
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DisclosureDecideCommand(Terminal terminal)
        : base(terminal, "decide", "Approves an order that is pending, or rejects one that is not executed, for good. To approve takes a second person, with a certificate of other names and another key, who has the order and its key. To reject takes neither files nor standard input, unless there is a reason, and anybody may; by who opened it that is reported as withdrawn, whatever the reason.")
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
            else if ((result.GetValue(_approve) || result.GetValue(_reason) is not null) && (result.GetValue(_key) is null || result.GetValue(_reference) is null))
            {
                result.AddError($"{(result.GetValue(_approve) ? "--approve" : _reason.Name)} needs {_key.Name} and {_reference.Name}.");
            }
        });
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new DisclosureServiceDecideRequest
        {
            DisclosureId = parsed.GetRequiredValue(_id),
            Decision = parsed.GetValue(_approve) ? DisclosureDecision.Approve : DisclosureDecision.Reject,
            Reason = parsed.GetValue(_reason) ?? string.Empty,
        };
        if (request.Decision == DisclosureDecision.Approve || request.Reason.Length > 0)
        {
            if (await LineAsync(parsed, _key, cancellationToken) is not { } key || await LineAsync(parsed, _reference, cancellationToken) is not { } reference)
            {
                return ExitCodes.Usage;
            }

            (request.OrderKey, request.OrderReference) = (key, reference);
        }

        if (request.Decision == DisclosureDecision.Approve)
        {
            if (await AddressesAsync(parsed, cancellationToken) is not { } addresses)
            {
                return ExitCodes.Usage;
            }

            request.Addresses.Add(addresses);
        }

        return await _call.RunAsync(
            parsed,
            (invoker, options) => new DisclosureService.DisclosureServiceClient(invoker).DecideAsync(request, options),
            static response => [DisclosureText.Table(response.Disclosure)],
            static _ => ExitCodes.Ok,
            cancellationToken);
    }
}
