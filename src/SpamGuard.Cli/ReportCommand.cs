using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Outcomes;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard report TOKEN|IP --label LABEL</c>: what became of an event; <c>report --file FILE</c>: of many.</summary>
internal sealed class ReportCommand : Command
{
    private static readonly Dictionary<string, OutcomeLabel> Labels = new(StringComparer.Ordinal)
    {
        ["spam"] = OutcomeLabel.Spam,
        ["legitimate"] = OutcomeLabel.Legitimate,
        ["challenge-passed"] = OutcomeLabel.ChallengePassed,
        ["challenge-failed"] = OutcomeLabel.ChallengeFailed,
    };

    private readonly Argument<string?> _target = new("TOKEN|IP")
    {
        Description = "The decision_token of the answer, which is better, or the event's address.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _label = new("--label") { Description = "What became of it.", HelpName = string.Join('|', Labels.Keys) };
    private readonly Option<string?> _reporter = new("--reporter") { Description = "Digest of the person who complains, never of a service." };
    private readonly EventOptions _event;
    private readonly OutcomeOptions _file;
    private readonly Terminal _terminal;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public ReportCommand(Terminal terminal)
        : base("report", "Reports what became of an event, or of all events of a file.")
    {
        _terminal = terminal;
        _label.AcceptOnlyFromAmong([.. Labels.Keys]);
        Add(_target);
        Add(_label);
        Add(_reporter);
        Validators.Add(Check);
        _event = new EventOptions(this, result => IsAddress(result.GetValue(_target)));
        _file = new OutcomeOptions(this);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_file.Read(parsed) is { } run)
        {
            return new OutcomeFile(run, _call.IsJson(parsed), _terminal)
                .RunAsync(work => _call.ConnectAsync(parsed, work, cancellationToken), cancellationToken);
        }

        var target = parsed.GetValue(_target)!;
        var request = new ReportOutcomeRequest { Label = Labels[parsed.GetValue(_label)!], Reporter = parsed.GetValue(_reporter) ?? string.Empty };
        if (IsAddress(target))
        {
            request.Event = _event.Read(parsed, target);
        }
        else
        {
            request.DecisionToken = target;
        }

        return _call.RunAsync(
            parsed,
            (invoker, options) => new FeedbackService.FeedbackServiceClient(invoker).ReportOutcomeAsync(request, options),
            Tables,
            static response => response.Result == ReportResult.StateExpired ? ExitCodes.NotFound : ExitCodes.Ok,
            cancellationToken);
    }

    private void Check(CommandResult result)
    {
        var (isFile, isOne) = (_file.IsGiven(result), result.GetResult(_target) is { Tokens.Count: > 0 });
        if (isFile == isOne)
        {
            result.AddError("Name either TOKEN|IP or --file.");
        }

        if (isOne && result.GetResult(_label) is null)
        {
            result.AddError("Option '--label' is required.");
        }
        else if (isFile && (result.GetResult(_label) is not null || result.GetResult(_reporter) is not null))
        {
            result.AddError("The rows of a file say what became of which event: --label and --reporter don't go with --file.");
        }
    }

    private static IEnumerable<TextTable> Tables(ReportOutcomeResponse response) =>
        [new TextTable(["field", "value"], [["applied", response.Applied ? "true" : "false"], ["result", CallText.Of(response.Result)]])];

    // Every address has a dot or a colon, and no token has one: a mistyped address is refused as an address.
    private static bool IsAddress(string? target) => target.AsSpan().ContainsAny('.', ':');
}
