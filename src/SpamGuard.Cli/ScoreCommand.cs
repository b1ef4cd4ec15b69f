using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Scores;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard score IP</c>: counts an event and prints how likely it is spam; <c>score --file FILE</c>: an event for each line.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly Argument<string?> _address = new("IP") { Description = "Where the event comes from.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _file = new("--file")
    {
        Description = $"Instead of IP: a file with an address a line, {LineInput.FromInput} for standard input. Each line is an event, and the file sent again counts again.", HelpName = "FILE",
    };

    private readonly Option<string?> _requestId = new("--request-id")
    {
        Description = "A UUID that names the event: when it is sent again within a minute, nothing is counted twice.", HelpName = "UUID",
    };

    private readonly Option<bool> _exitCode = new("--exit-code") { Description = $"Exit with {ExitCodes.Denied} where the verdict is DENY." };
    private readonly EventOptions _event;
    private readonly ServerCall _call;
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public ScoreCommand(Terminal terminal)
        : base("score", "Counts an event, or one for each line of a file, and prints how likely it is spam. With --file, --json prints an object a line.")
    {
        _terminal = terminal;
        Add(_address);
        Add(_file);
        _event = new EventOptions(this);
        Add(_requestId);
        Add(_exitCode);
        _call = new ServerCall(this, terminal);
        _requestId.Validators.Add(static result =>
        {
            if (!Guid.TryParseExact(result.GetValueOrDefault<string?>(), "D", out var id) || id == Guid.Empty)
            {
                result.AddError("--request-id is a UUID of 36 characters, not all zeros.");
            }
        });
        Validators.Add(Check);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_file) is { } file)
        {
            return ScoreFileAsync(file, parsed, cancellationToken);
        }

        var request = new ScoreRequest
        {
            Event = _event.Read(parsed, parsed.GetValue(_address)!),
            RequestId = parsed.GetValue(_requestId) ?? string.Empty,
        };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new ScoringService.ScoringServiceClient(invoker).ScoreAsync(request, options),
            static response => CallText.Tables(response.Assessment),
            response => parsed.GetValue(_exitCode) && response.Assessment.Verdict == Verdict.Deny ? ExitCodes.Denied : ExitCodes.Ok,
            cancellationToken);
    }

    private async Task<int> ScoreFileAsync(string path, ParseResult parsed, CancellationToken cancellationToken)
    {
        using var file = path is LineInput.FromInput ? null : new StreamReader(path);
        return await _call.ConnectAsync(
            parsed,
            connection => new ScoreFile(_call, _call.IsJson(parsed), _terminal)
                .RunAsync(file ?? _terminal.Input, _event.Read(parsed, string.Empty).Kind, connection, parsed.GetValue(_exitCode), cancellationToken),
            cancellationToken);
    }

    private void Check(CommandResult result)
    {
        var file = result.GetValue(_file);
        if (file is null == result.GetValue(_address) is null)
        {
            result.AddError("Name either IP or --file.");
        }
        else if (file is { Length: 0 })
        {
            result.AddError("--file is the path of a file, and not empty.");
        }
        else if (file is not null && (result.GetResult(_requestId) is not null || _event.NamesDigests(result)))
        {
            result.AddError("--request-id, --account and --content are of one event: they don't go with --file.");
        }
    }
}
