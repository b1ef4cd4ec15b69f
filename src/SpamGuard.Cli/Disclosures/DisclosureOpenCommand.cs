using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure open</c>: enters an order, and prints or writes its key, which is kept nowhere else.</summary>
internal sealed class DisclosureOpenCommand : DisclosureVerb
{
    private const string TimeForm = "a time such as 2026-01-31T12:00:00Z, or how long from now such as 7d";

    private readonly Option<string?> _reference = FileOption("--reference-file", "A file that holds how the authority calls the order, in one line.");
    private readonly Option<string?> _authority = FileOption("--authority-file", "A file that holds which authority it is, in one line.");
    private readonly Option<string> _type = ChoiceOption<AuthorityType>("--authority-type", "What kind of authority it is.");
    private readonly Option<string> _process = ChoiceOption<LegalProcess>("--legal-process", "By what it is ordered.");
    private readonly Option<string> _category = ChoiceOption<DisclosureCategory>("--category", "What it is about. Of other nothing is disclosed: it is refused, and counted.");
    private readonly Option<string> _country = new("--country") { Description = "The authority's country: two capital letters of ISO 3166-1.", HelpName = "XX", Required = true };
    private readonly Option<Timestamp?> _validUntil = TimeOption("--valid-until", "Until when it may be executed, at most 30 days ahead", required: true);
    private readonly Option<Timestamp?> _withholdUntil = TimeOption("--withhold-until", "Until when it must not be spoken about, where it says so", required: false);
    private readonly Option<string?> _keyOut = new("--order-key-out")
    {
        Description = "A file to make for the order key, readable for its owner only. [default: print it]", HelpName = "FILE",
    };

    private readonly ServerCall _call;
    private readonly Func<string, OrderKeyFile> _make;

    /// <summary>The verb.</summary>
    /// <param name="terminal">The streams.</param>
    /// <param name="make">Makes the file for the key at a path; <see cref="OrderKeyFile.Create"/> by default.</param>
    public DisclosureOpenCommand(Terminal terminal, Func<string, OrderKeyFile>? make = null)
        : base(terminal, "open", "Enters an order and prints its disclosure_id and its order key. The key is kept nowhere: who approves and who executes need it.")
    {
        _make = make ?? OrderKeyFile.Create;
        Add(_reference);
        Add(_authority);
        Add(_type);
        Add(_process);
        Add(_category);
        Add(_country);
        Add(_validUntil);
        Add(_withholdUntil);
        AddAddresses();
        Add(_keyOut);
        _call = new ServerCall(this, terminal);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (await LineAsync(parsed, _reference, cancellationToken) is not { } reference
            || await LineAsync(parsed, _authority, cancellationToken) is not { } authority
            || await AddressesAsync(parsed, cancellationToken) is not { } addresses)
        {
            return ExitCodes.Usage;
        }

        var request = new DisclosureServiceOpenRequest
        {
            OrderReference = reference,
            Authority = authority,
            AuthorityType = ProtoNames<AuthorityType>.Of(parsed.GetValue(_type)),
            LegalProcess = ProtoNames<LegalProcess>.Of(parsed.GetValue(_process)),
            Category = ProtoNames<DisclosureCategory>.Of(parsed.GetValue(_category)),
            Country = parsed.GetRequiredValue(_country),
            ValidUntil = parsed.GetValue(_validUntil),
            WithholdUntil = parsed.GetValue(_withholdUntil),
            Addresses = { addresses },
        };
        if (parsed.GetValue(_keyOut) is not { } path)
        {
            return await OpenAsync(parsed, request, key: null, cancellationToken);
        }

        if (path.Length == 0 || File.Exists(path))
        {
            Terminal.Say($"{_keyOut.Name}: {path} is there already, and is not written over.");
            return ExitCodes.Usage;
        }

        // Before the order is opened: a key that could not be written would be lost.
        using var key = _make(path);
        try
        {
            return await OpenAsync(parsed, request, key, cancellationToken);
        }
        finally
        {
            key.Dispose();
            if (!key.IsWritten)
            {
                File.Delete(path);
            }
        }
    }

    private Task<int> OpenAsync(ParseResult parsed, DisclosureServiceOpenRequest request, OrderKeyFile? key, CancellationToken cancellationToken) => _call.ConnectAsync(
        parsed,
        async connection =>
        {
            var response = await AnswerAsync(connection, request, cancellationToken);
            if (key?.TryWrite(response.OrderKey) == true)
            {
                response.OrderKey = string.Empty;
            }

            _call.Print(response, parsed, DisclosureText.Tables);
            Terminal.Say("The order key is kept nowhere else. Hand it with the order to a second person, who approves or rejects it.");
            if (key is not { IsWritten: false })
            {
                return ExitCodes.Ok;
            }

            Terminal.Say($"{_keyOut.Name}: the file could not be written, so the order key is printed. Where it got lost, reject the order and open it anew.");
            return ExitCodes.Failure;
        },
        cancellationToken);

    private async Task<DisclosureServiceOpenResponse> AnswerAsync(Connection connection, DisclosureServiceOpenRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await new DisclosureService.DisclosureServiceClient(connection.Calls).OpenAsync(request, connection.Options(cancellationToken));
        }
        catch (RpcException e) when (CallFailure.MayBeDone(e))
        {
            Terminal.Say("The order may have been entered, and its key is lost then. Look with spamguard disclosure list, after LEDGER_UNWRITABLE once the desk writes again: if it is there reject it, and open it anew.");
            throw;
        }
    }

    private static Option<Timestamp?> TimeOption(string name, string description, bool required) => new(name)
    {
        Description = $"{description}: {TimeForm}.",
        HelpName = "TIME",
        Required = required,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DurationText.TryParse(text, out var duration))
            {
                return Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + duration);
            }

            if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return Timestamp.FromDateTimeOffset(time);
            }

            result.AddError($"{name} is {TimeForm}.");
            return null;
        },
    };
}
