using System.CommandLine;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace SpamGuard.Cli.Calls;

/// <summary>Calls to a server: what the verbs that ask one have in common.</summary>
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

    private readonly Option<TimeSpan?> _timeout = Durations.Limit("--timeout", "How long to wait for the answer, up to 1d. [default: 5s]", TimeSpan.FromDays(1));
    private readonly Option<bool> _json = JsonOption.New("Print the response as JSON, names in snake_case.");
    private readonly ServerTls _tls;
    private readonly Terminal _terminal;

    /// <summary>Adds the options to a verb.</summary>
    public ServerCall(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Add(_server);
        command.Add(_timeout);
        command.Add(_json);
        _tls = new ServerTls(command);
    }

    /// <summary>Whether JSON is asked for.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Makes one call, and prints the answer as JSON or as tables.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="tables">The answer for people.</param>
    /// <param name="exitCode">What the answer makes the program exit with.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public Task<int> RunAsync<TResponse>(
        ParseResult parsed,
        Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> call,
        Func<TResponse, IEnumerable<TextTable>> tables,
        Func<TResponse, int> exitCode,
        CancellationToken cancellationToken)
        where TResponse : IMessage => ConnectAsync(
            parsed,
            async connection =>
            {
                var response = await call(connection.Calls, connection.Options(cancellationToken));
                Print(response, parsed, tables);
                return exitCode(response);
            },
            cancellationToken);

    /// <summary>Makes any number of calls; one that fails ends the verb with its message and exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">Makes the calls, and says what the program exits with.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public Task<int> ConnectAsync(ParseResult parsed, Func<Connection, Task<int>> work, CancellationToken cancellationToken) =>
        TargetOrSay(parsed) is { } target ? ConnectAsync(target, work, cancellationToken) : Task.FromResult(ExitCodes.Usage);

    /// <summary>The same, once it is known where the server is.</summary>
    public async Task<int> ConnectAsync((Uri Url, SocketsHttpHandler Handler, TimeSpan Patience) target, Func<Connection, Task<int>> work, CancellationToken cancellationToken)
    {
        var (url, handler, patience) = target;
        try
        {
            using var channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
            return await work(new Connection(channel.CreateCallInvoker(), url, patience));
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CallFailure.Tell(e, url, _terminal);
            return CallFailure.ExitCode(e);
        }
    }

    /// <summary>Where the server is, what makes connections to it, and how long to wait; <c>null</c> after a message where the command line can't be taken.</summary>
    public (Uri Url, SocketsHttpHandler Handler, TimeSpan Patience)? TargetOrSay(ParseResult parsed)
    {
        var server = parsed.GetValue(_server) ?? _terminal.Variable(Variable) ?? ByDefault;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            _terminal.Say($"--server, or {Variable}, is a URL such as {ByDefault}.");
            return null;
        }

        if (_tls.TryHandler(parsed, url, out var handler, out var fault))
        {
            return (url, handler, parsed.GetValue(_timeout) ?? Patience);
        }

        _terminal.Say(fault!);
        return null;
    }

    /// <summary>Whether <c>--server</c> names the server.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_server) is not null;

    /// <summary>Prints one message of JSON on a line of its own, where there are many.</summary>
    public void PrintLine(JsonObject json) => _terminal.Output.WriteLine(json.ToJsonString());

    /// <summary>An answer as JSON, to be part of another.</summary>
    public static JsonNode Json(IMessage message) => JsonNode.Parse(Formatter.Format(message))!;

    /// <summary>Prints an answer as JSON or as tables.</summary>
    public void Print<TResponse>(TResponse response, ParseResult parsed, Func<TResponse, IEnumerable<TextTable>> tables)
        where TResponse : IMessage
    {
        if (IsJson(parsed))
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
