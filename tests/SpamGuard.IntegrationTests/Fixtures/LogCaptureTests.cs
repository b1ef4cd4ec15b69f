using Microsoft.Extensions.Logging;
using SpamGuard.Testing;
using Xunit.Sdk;

namespace SpamGuard.IntegrationTests.Fixtures;

public sealed class LogCaptureTests : IDisposable
{
    private const string Canary = "canary";

    private readonly LogCapture _logs = new();
    private readonly ILoggerFactory _factory;
    private readonly ILogger _logger;

    public LogCaptureTests()
    {
        _factory = LoggerFactory.Create(logging => logging.AddCapture(_logs));
        _logger = _factory.CreateLogger("Category");
    }

    public void Dispose() => _factory.Dispose();

    [Fact]
    public void Logs_TraceWithStateAndScopes_AreKeptWhole()
    {
        using (_logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["request"] = 7 }))
        {
            _logger.Log(LogLevel.Trace, new EventId(3, "Looked"), "looked at {Thing}", "it");
        }

        var log = Assert.Single(_logs.Logs);
        Assert.Equal(("Category", LogLevel.Trace, 3, "Looked"), (log.Category, log.Level, log.Event.Id, log.Event.Name));
        Assert.Equal("looked at it", log.Message);
        Assert.Contains(KeyValuePair.Create<string, string?>("Thing", "it"), log.State);
        Assert.Contains("request=7", Assert.Single(log.Scopes), StringComparison.Ordinal);
    }

    [Fact]
    public void AllText_CanaryInAMessage_IsFound()
    {
        _logger.LogInformation("saw {Address}", Canary);

        Assert.Contains(Canary, _logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public void AllText_CanaryOnlyInScope_IsFound()
    {
        using (_logger.BeginScope("for {Address}", Canary))
        {
            _logger.LogInformation("nothing to see");
        }

        Assert.Contains(Canary, _logs.AllText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllText_CanaryOnlyInDataOfAnException_IsFound(bool inner)
    {
        var failure = new InvalidOperationException("failed") { Data = { ["key"] = Canary } };
        var logged = inner ? new InvalidOperationException("outer", failure) : failure;

        _logger.LogWarning(logged, "nothing to see");

        Assert.Contains(Canary, _logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public void FailOnUnannouncedErrors_ErrorLogged_Fails()
    {
        var watch = _logs.FailOnUnannouncedErrors();
        _logger.LogError("it broke");

        var failure = Assert.ThrowsAny<XunitException>(watch.Dispose);

        Assert.Contains("it broke", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailOnUnannouncedErrors_OnlyAnnouncedOrOlderErrors_Passes()
    {
        _logger.LogError("before the watch");

        using var watch = _logs.FailOnUnannouncedErrors(log => log.Event.Id == 9);
        _logger.Log(LogLevel.Error, new EventId(9), "announced");
        _logger.LogWarning("no error");

        Assert.Equal(3, _logs.Logs.Count);
    }

    [Fact]
    public void Logs_FromManyThreads_AreAllKept()
    {
        Parallel.For(0, 1000, i => _logger.LogDebug("number {Number}", i));

        Assert.Equal(1000, _logs.Logs.Select(log => log.Message).Distinct(StringComparer.Ordinal).Count());
    }
}
