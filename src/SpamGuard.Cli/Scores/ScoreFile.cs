using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Scores;

/// <summary><c>spamguard score --file FILE</c>: counts an event for each line, which is an address, in batches.</summary>
/// <param name="call">Prints the answers.</param>
/// <param name="json">Whether they are JSON: an object a line.</param>
/// <param name="terminal">Where they go.</param>
internal sealed class ScoreFile(ServerCall call, bool json, Terminal terminal)
{
    /// <summary>How many events a batch has at most.</summary>
    public const int BatchSize = 256;

    private const int LongestLine = 128; // longer than any address
    private static readonly string[] Columns = ["line", "verdict", "spam_probability", "quality", "decision_token"];

    private long _line;
    private long _faulty;
    private bool _anySent;
    private bool _anyDenied;
    private bool _isHeaded;

    /// <summary>Sends all lines. Returns what the program exits with.</summary>
    /// <param name="lines">The lines; blank ones are left out.</param>
    /// <param name="kind">What every event is.</param>
    /// <param name="connection">The server.</param>
    /// <param name="tellsDenied">Whether a verdict of DENY has an exit code of its own.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="RpcException">A batch was refused as a whole, or not answered: those before it are printed.</exception>
    public async Task<int> RunAsync(TextReader lines, EventKind kind, Connection connection, bool tellsDenied, CancellationToken cancellationToken)
    {
        var client = new ScoringService.ScoringServiceClient(connection.Calls);
        while (await NextAsync(lines, kind, cancellationToken) is { Count: > 0 } batch)
        {
            _anySent = true;
            var request = new ScoreBatchRequest { Requests = { batch.Select(static one => one.Request) } };
            var response = await client.ScoreBatchAsync(request, connection.Options(cancellationToken));
            Print([.. batch.Select(static one => one.Line).Zip(response.Results)]);
        }

        if (_faulty > 0 || !_anySent)
        {
            terminal.Say(_faulty == 0 ? "There is no line with an address." : string.Create(CultureInfo.InvariantCulture, $"{_faulty} lines could not be taken, and counted nothing."));
            return ExitCodes.Failure;
        }

        return tellsDenied && _anyDenied ? ExitCodes.Denied : ExitCodes.Ok;
    }

    private async Task<List<(long Line, ScoreRequest Request)>> NextAsync(TextReader lines, EventKind kind, CancellationToken cancellationToken)
    {
        var batch = new List<(long Line, ScoreRequest Request)>();
        while (batch.Count < BatchSize && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            _line++;
            if (line.Length > LongestLine)
            {
                Tell(_line, "line", $"longer than {LongestLine} characters; a line is one address");
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                batch.Add((_line, new ScoreRequest { Event = new Event { Kind = kind, Address = line.Trim() }, RequestId = Guid.NewGuid().ToString("D") }));
            }
        }

        return batch;
    }

    private void Print(IReadOnlyList<(long Line, ScoreBatchResult Result)> answers)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (line, result) in answers)
        {
            if (result.Assessment is not { } assessment)
            {
                var (field, text) = CallFailure.Fault(result.Status);
                Tell(line, field, text);
                continue;
            }

            _anyDenied |= assessment.Verdict == Verdict.Deny;
            if (json)
            {
                call.PrintLine(new JsonObject { ["line"] = line, ["assessment"] = ServerCall.Json(assessment) });
            }
            else
            {
                rows.Add(
                [
                    line.ToString(CultureInfo.InvariantCulture), CallText.Of(assessment.Verdict), CallText.Of(assessment.SpamProbability), CallText.Of(assessment.Quality), assessment.DecisionToken,
                ]);
            }
        }

        if (rows.Count > 0)
        {
            terminal.Write(new TextTable(Columns, rows, Prefix: "event", IsNamed: !_isHeaded));
            _isHeaded = true;
        }
    }

    private void Tell(long line, string field, string text)
    {
        _faulty++;
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"line {line}: {field}: {text}"));
    }
}
