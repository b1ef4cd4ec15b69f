using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace SpamGuard.Cli.Calls;

/// <summary>One call to a server, its answer printed: what the verbs that ask one have in common.</summary>
internal sealed class ServerCall
{
    private const string Variable = "SPAMGUARD_SERVER";
    private const string ByDefault = "http://127.0.0.1:5080";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // As the protos write names: the same everywhere on the command line.
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true).WithIndentation());

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"The gRPC endpoint. [default: ${Variable}, or {ByDefault}]", HelpName = "URL",
    };

    private readonly Option<TimeSpan?> _timeout = Durations.Option("--timeout", "How long to wait for the answer. [default: 5s]");
    private readonly Option<bool> _json = new("--json") { Description = "Print the response as JSON, names in snake_case." };
    private readonly Terminal _terminal;

    /// <summary>Adds the options to a verb.</summary>
    public ServerCall(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Add(_server);
        command.Add(_timeout);
        command.Add(_json);
    }

    /// <summary>Calls, and prints the answer as JSON or as tables.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="tables">The answer for people.</param>
    /// <param name="exitCode">What the answer makes the program exit with.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task<int> RunAsync<TResponse>(
        ParseResult parsed,
        Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> call,
        Func<TResponse, IEnumerable<TextTable>> tables,
        Func<TResponse, int> exitCode,
        CancellationToken cancellationToken)
        where TResponse : IMessage
    {
        var server = parsed.GetValue(_server) ?? _terminal.Variable(Variable) ?? ByDefault;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            _terminal.Say($"--server, or {Variable}, is a URL such as {ByDefault}.");
            return ExitCodes.Usage;
        }

        try
        {
            using var channel = GrpcChannel.ForAddress(url);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + (parsed.GetValue(_timeout) ?? Patience);
            var response = await call(channel.CreateCallInvoker(), new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
            Print(response, parsed.GetValue(_json), tables);
            return exitCode(response);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _terminal.Say(CallFailure.Describe(e, url));
            return CallFailure.ExitCode(e);
        }
    }

    private void Print<TResponse>(TResponse response, bool json, Func<TResponse, IEnumerable<TextTable>> tables)
        where TResponse : IMessage
    {
        if (json)
        {
            _terminal.Output.WriteLine(Formatter.Format(response));
            return;
        }

        foreach (var table in tables(response))
        {
            _terminal.Write(table);
        }
    }
}
