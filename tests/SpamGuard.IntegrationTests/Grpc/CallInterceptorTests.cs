using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Server.Grpc;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>What stands around every call.</summary>
public sealed class CallInterceptorTests : IDisposable
{
    private const string Method = "/spamguard.v1.ScoringService/Score";
    private const string Planted = "198.51.100.11";

    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _logs = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly ILoggerFactory _loggers;
    private readonly CallInterceptor _interceptor;

    public CallInterceptorTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddCapture(_logs));
        _interceptor = new CallInterceptor(
            new GrpcServerMetrics(Metrics.WithCustomRegistry(_registry)), _time, _loggers.CreateLogger<CallInterceptor>());
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Call_DeadlinePassed_IsNotBegun()
    {
        var error = await FailAsync(() => throw new InvalidOperationException("begun"), deadline: _time.GetUtcNow().UtcDateTime);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("DEADLINE_EXCEEDED", error.Info().Reason);
        Assert.Contains(Handled("DeadlineExceeded", 1), await TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AlreadyCancelled_IsNotBegun()
    {
        var error = await FailAsync(() => throw new InvalidOperationException("begun"), cancelled: new CancellationToken(canceled: true));

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal("CANCELLED", error.Info().Reason);
    }

    [Fact]
    public async Task Call_CancelledMeanwhile_IsCancelled()
    {
        using var source = new CancellationTokenSource();

        var error = await FailAsync(
            () =>
            {
                source.Cancel();
                throw new OperationCanceledException(source.Token);
            },
            cancelled: source.Token);

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task Call_DeadlinePassedMeanwhile_IsDeadlineExceeded()
    {
        var error = await FailAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(2));
                throw new OperationCanceledException();
            },
            deadline: _time.GetUtcNow().UtcDateTime.AddSeconds(1));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Call_StoreFails_IsUnavailableAndSaysWhenToRetry()
    {
        var error = await FailAsync(() => throw new StoreException(StoreFailure.Timeout, "late"));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("STORE_UNAVAILABLE", error.Info().Reason);
        Assert.True(error.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds > 0);
    }

    [Fact]
    public async Task Call_FailsUnexpectedly_IsInternalAndItsTextIsNowhere()
    {
        var error = await FailAsync(() => throw new InvalidOperationException($"no route to {Planted}"));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Equal("INTERNAL", error.Info().Reason);
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, _logs.AllText, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), Assert.Single(_logs.Logs).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Succeeds_IsCountedWithItsTime()
    {
        await _interceptor.UnaryServerHandler<ScoreRequest, ScoreResponse>(
            new ScoreRequest(),
            Context(DateTime.MaxValue, default),
            (_, _) =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(4));
                return Task.FromResult(new ScoreResponse());
            });

        var text = await TextAsync();
        Assert.Contains(Handled("OK", 1), text, StringComparison.Ordinal);
        Assert.Contains("""grpc_server_started_total{grpc_service="spamguard.v1.ScoringService",grpc_method="Score",grpc_type="unary"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""grpc_method="Score",grpc_type="unary",le="0.003"} 0""", text, StringComparison.Ordinal);
        Assert.Contains("""grpc_method="Score",grpc_type="unary",le="0.005"} 1""", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unavailable)]
    public async Task Call_ThatIsNotAnswered_IsCountedWithoutItsTime(StatusCode code)
    {
        await FailAsync(() => throw new RpcException(new Status(code, "no")));

        var text = await TextAsync();
        Assert.Contains(Handled(code.ToString(), 1), text, StringComparison.Ordinal);
        Assert.Contains("""grpc_server_handling_seconds_count{grpc_service="spamguard.v1.ScoringService",grpc_method="Score",grpc_type="unary"} 0""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_FromTheStart_HoldEverySeriesAtZero()
    {
        var text = await TextAsync();

        foreach (var code in Enum.GetNames<StatusCode>())
        {
            Assert.Contains(Handled(code, 0), text, StringComparison.Ordinal);
        }

        foreach (var method in ServiceDescriptors.All.Append(global::Grpc.Health.V1.Health.Descriptor).SelectMany(static service => service.Methods))
        {
            Assert.Contains($"grpc_server_started_total{{grpc_service=\"{method.Service.FullName}\",grpc_method=\"{method.Name}\",", text, StringComparison.Ordinal);
        }
    }

    private static string Handled(string code, int count) =>
        $"grpc_server_handled_total{{grpc_service=\"spamguard.v1.ScoringService\",grpc_method=\"Score\",grpc_type=\"unary\",grpc_code=\"{code}\"}} {count}";

    private static TestCallContext Context(DateTime deadline, CancellationToken cancelled) => new(Method, deadline, cancelled);

    private async Task<RpcException> FailAsync(Func<ScoreResponse> call, DateTime? deadline = null, CancellationToken cancelled = default) =>
        await Assert.ThrowsAsync<RpcException>(() => _interceptor.UnaryServerHandler<ScoreRequest, ScoreResponse>(
            new ScoreRequest(), Context(deadline ?? DateTime.MaxValue, cancelled), (_, _) => Task.FromResult(call())));

    private async Task<string> TextAsync()
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
