using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Load;
using SpamGuard.V1;

namespace SpamGuard.Tests.Cli;

/// <summary>How load is paced and measured, by a clock of the test's and a server that answers when the test says so.</summary>
public sealed class LoadRunTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Run_ServerThatStalls_CountsTheWaitInEveryCallThatItDelays()
    {
        var server = new StallingServer(Stall, _time);
        var plan = new LoadPlan(Rate: 100, TimeSpan.FromSeconds(1), Count: 1000, Concurrency: 1, Addresses: 10, Kind: null, Seed: 1, Deadline: TimeSpan.FromMinutes(1));
        var run = new LoadRun(plan, new Connection(server, new Uri("http://127.0.0.1:1"), TimeSpan.FromMinutes(1)), _time).RunAsync(moved: null, CancellationToken.None);

        await AdvanceUntilAsync(run);

        var report = await run;
        Assert.Equal((100, 100, 0), (report.Calls, report.Answered, report.Errors.Count));
        Assert.InRange(report.LatencyMs!.P50, 9_400, double.MaxValue); // the call in the middle was to begin half a second after the first, and waited for it
        Assert.InRange(report.LatencyMs.Max, 9_990, double.MaxValue);
        Assert.Equal(50, server.SignUps);
    }

    [Fact]
    public async Task Run_ServerThatAnswers_BeginsCallsByTheRate()
    {
        var server = new StallingServer(TimeSpan.Zero, _time);
        var plan = new LoadPlan(Rate: 50, TimeSpan.FromSeconds(4), Count: 1000, Concurrency: 8, Addresses: 10, Kind: EventKind.Message, Seed: 1, Deadline: TimeSpan.FromMinutes(1));
        var run = new LoadRun(plan, new Connection(server, new Uri("http://127.0.0.1:1"), TimeSpan.FromMinutes(1)), _time).RunAsync(moved: null, CancellationToken.None);

        await AdvanceUntilAsync(run);

        var report = await run;
        Assert.Equal((200, 0), (report.Answered, server.SignUps));
        Assert.InRange(report.Seconds, 3.98, double.MaxValue); // the last begins a 50th before the end, and none earlier
    }

    // By the test's clock alone; on a busy machine that runs ahead of those who wait, so nothing is taken to be quick.
    private async Task AdvanceUntilAsync(Task run)
    {
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
            await Task.Run(static () => { });
        }
    }

    /// <summary>Holds its first score for a time, and answers everything else at once.</summary>
    private sealed class StallingServer(TimeSpan stall, TimeProvider time) : CallInvoker
    {
        private bool _stalled;

        public int SignUps { get; private set; }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            var answer = request switch
            {
                HealthCheckRequest => Task.FromResult((TResponse)(object)new HealthCheckResponse()),
                ScoreRequest score => ScoreAsync<TResponse>(score),
                _ => throw new NotSupportedException(),
            };
            return new AsyncUnaryCall<TResponse>(answer, Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        private async Task<TResponse> ScoreAsync<TResponse>(ScoreRequest request)
        {
            SignUps += request.Event.Kind is EventKind.SignUp ? 1 : 0;
            if (!_stalled && stall > TimeSpan.Zero)
            {
                _stalled = true;
                await Task.Delay(stall, time);
            }

            return (TResponse)(object)new ScoreResponse { Assessment = new Assessment { Verdict = Verdict.Allow, Quality = Quality.Full } };
        }
    }
}
