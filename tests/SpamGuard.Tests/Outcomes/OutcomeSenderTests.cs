using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Outcomes;
using SpamGuard.Tests.Replay;
using SpamGuard.V1;

namespace SpamGuard.Tests.Outcomes;

public sealed class OutcomeSenderTests
{
    private readonly ImpatientTime _time = new();
    private readonly List<string> _told = [];

    [Fact]
    public async Task Run_ServerThatIsAwayForAWhile_WaitsAsLongAsItAsks()
    {
        var server = new ScriptedServer((call, _) => call <= 2 ? throw Failure(Code.Unavailable, new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(7)) }) : ReportResult.Applied);

        var (failure, summary) = await RunAsync(server, rows: 1, retries: 2);

        Assert.Null(failure);
        Assert.Equal((1, 1, 3L), (summary.Sent, summary.Applied, summary.NextLine));
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], _time.Waits);
        Assert.Single(server.Requests.Select(request => request.RequestId).Distinct(StringComparer.Ordinal)); // a retry is the same report
    }

    [Theory]
    [InlineData(Code.Unavailable)]
    [InlineData(Code.ResourceExhausted)]
    [InlineData(Code.DeadlineExceeded)]
    public async Task Run_ServerThatStaysAway_TriesAsOftenAsToldAndStopsAtTheFirstLineThatIsNotDone(Code code)
    {
        var server = new ScriptedServer((_, request) => request.Event.Account is "row 40" ? throw Failure(code) : ReportResult.Applied);

        var (failure, summary) = await RunAsync(server, rows: 100_000, retries: 3);

        Assert.Equal((StatusCode)code, failure!.StatusCode);
        Assert.Equal(4, server.Requests.Count(request => request.Event.Account is "row 40"));
        Assert.Equal(42, summary.NextLine);
        Assert.InRange(summary.Sent, 40, 99_000); // it did not go on to the end
    }

    [Fact]
    public async Task Run_RowThatTheServerRefuses_IsToldByLineAndFieldAndTheRestGoesOn()
    {
        var bad = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "event.account", Description = "Send a digest." } } };
        var server = new ScriptedServer((_, request) => request.Event.Account is "row 1" ? throw Failure(Code.InvalidArgument, bad) : ReportResult.Duplicate);

        var (failure, summary) = await RunAsync(server, rows: 3, retries: 3);

        Assert.Null(failure);
        Assert.Equal((3, 2, 1, 0), (summary.Sent, summary.Duplicate, summary.Failed, summary.Skipped));
        Assert.Equal(["line 3: event.account: Send a digest."], _told);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Run_EveryRowRefused_GivesUpBeyondMaxErrors()
    {
        var server = new ScriptedServer((_, _) => throw Failure(Code.InvalidArgument));

        var (failure, summary) = await RunAsync(server, rows: 100_000, retries: 3);

        Assert.Null(failure);
        Assert.InRange(summary.Failed, 11, 99_000);
    }

    [Fact]
    public async Task Run_Cancelled_LeavesWhatWasUnderWayToDo()
    {
        using var cancel = new CancellationTokenSource();
        var server = new ScriptedServer((_, request) =>
        {
            if (request.Event.Account is not "row 40")
            {
                return ReportResult.Applied;
            }

            cancel.Cancel();
            throw new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, string.Empty));
        });
        var tally = new OutcomeTally(2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(server, rows: 100_000, retries: 3, tally, cancel.Token));

        // Rows are sent side by side, so some before it may not have been answered yet either: what counts is that none is skipped.
        Assert.InRange(tally.Summary().NextLine, 2, 42);
    }

    private async Task<(RpcException? Failure, OutcomeSummary Summary)> RunAsync(
        ScriptedServer server, int rows, int retries, OutcomeTally? tally = null, CancellationToken cancellationToken = default)
    {
        tally ??= new OutcomeTally(2);
        var csv = "kind,address,label,account\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"message,198.18.7.9,spam,row {i}\n"));
        using var reader = OutcomeReader.Open(Replays.Stream(csv), out _)!;
        var read = new OutcomeRows(reader, from: 2, maxErrors: 10, tally, fault => _told.Add(fault.ToString()), moved: null);
        var connection = new Connection(server, new Uri("http://127.0.0.1:1"), TimeSpan.FromMinutes(1));
        var ids = await OutcomeIds.OfAsync(Replays.Stream(csv), default);
        using var sender = new OutcomeSender(connection, ids, tally, fault => { lock (_told) { _told.Add(fault.ToString()); } }, 100_000, retries, _time);
        var failure = await sender.RunAsync(read, cancellationToken);
        return (failure, tally.Summary());
    }

    private static RpcException Failure(Code code, IMessage? detail = null)
    {
        var status = new Google.Rpc.Status { Code = (int)code };
        if (detail is not null)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status.ToRpcException();
    }
}
