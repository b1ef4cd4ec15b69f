using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using Polly;
using Polly.Retry;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Csv;
using SpamGuard.V1;

namespace SpamGuard.Cli.Outcomes;

/// <summary>Sends rows, several at a time and at a steady pace, and waits where the server asks for it. Stops at the first failure that no wait mends.</summary>
/// <param name="connection">The server.</param>
/// <param name="ids">The request ids of the rows.</param>
/// <param name="tally">Counts what becomes of them.</param>
/// <param name="faulty">Told of every row that the server refuses.</param>
/// <param name="perSecond">How many are sent a second.</param>
/// <param name="retries">How often one is tried again.</param>
/// <param name="time">The clock of the pace and of the waits.</param>
internal sealed class OutcomeSender(
    Connection connection, OutcomeIds ids, OutcomeTally tally, Action<RowFault> faulty, int perSecond, int retries, TimeProvider time) : IDisposable
{
    // Enough for 500 a second at a round trip of 30 ms.
    private const int InFlight = 16;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly FeedbackService.FeedbackServiceClient _client = new(connection.Calls);
    private readonly ResiliencePipeline _trying = Trying(retries, time);
    private readonly CancellationTokenSource _stop = new();
    private RpcException? _failure;

    /// <summary>Sends all rows. Returns why it stopped before the end; <c>null</c> at the end, and where the rows themselves ended early.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ctrl-C: what is under way is given up.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public async Task<RpcException?> RunAsync(OutcomeRows rows, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                PacedAsync(rows, either.Token), new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = either.Token }, SendAsync);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // by ourselves: the failure says why
        }

        return _failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async IAsyncEnumerable<OutcomeRow> PacedAsync(OutcomeRows rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pace = new Pace(perSecond, time);
        foreach (var row in rows.Read())
        {
            await pace.NextAsync(cancellationToken);
            tally.Begin(row.Line);
            yield return row;
        }
    }

    private async ValueTask SendAsync(OutcomeRow row, CancellationToken cancellationToken)
    {
        try
        {
            var request = row.Request(ids.Of(row.Line));
            var response = await _trying.ExecuteAsync(
                async token => await _client.ReportOutcomeAsync(request, connection.Options(token)), cancellationToken);
            tally.Answered(row.Line, response.Result);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            tally.Refused(row.Line);
            foreach (var violation in e.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? [])
            {
                faulty(new RowFault(row.Line, violation.Field, violation.Description));
            }
        }
        catch (RpcException e)
        {
            // Of those that fail together, the first says why; and what was given up says nothing.
            if (!cancellationToken.IsCancellationRequested && Interlocked.CompareExchange(ref _failure, e, comparand: null) is null)
            {
                await _stop.CancelAsync();
            }
        }
    }

    private static ResiliencePipeline Trying(int retries, TimeProvider time) => retries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(static failure => CallFailure.ExitCode(failure) == ExitCodes.Unavailable),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = LongestWait,
                DelayGenerator = static failed => ValueTask.FromResult(AskedFor((RpcException)failed.Outcome.Exception!)),
            })
            .Build();

    // Without it, Polly's own.
    private static TimeSpan? AskedFor(RpcException failure) =>
        failure.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan() is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestWait.Ticks)) : null;
}
