using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure list</c>: all orders, the latest first.</summary>
internal sealed class DisclosureListCommand : DisclosureVerb
{
    private const int PageSize = 200;

    private readonly Option<string> _state = ChoiceOption<DisclosureState>("--state", "Only those in this state.", required: false);
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DisclosureListCommand(Terminal terminal)
        : base(terminal, "list", "Prints all orders, the latest first: nothing of what they name.")
    {
        Add(_state);
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _call.ConnectAsync(
        parsed,
        async connection =>
        {
            var client = new DisclosureService.DisclosureServiceClient(connection.Calls);
            var request = new DisclosureServiceListRequest { State = ProtoNames<DisclosureState>.Of(parsed.GetValue(_state)), PageSize = PageSize };
            var all = new DisclosureServiceListResponse();
            do
            {
                var page = await client.ListAsync(request, connection.Options(cancellationToken));
                all.Disclosures.Add(page.Disclosures);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);

            _call.Print(all, parsed, DisclosureText.Tables);
            return ExitCodes.Ok;
        },
        cancellationToken);
}
