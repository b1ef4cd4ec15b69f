using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Server.Logs;

namespace SpamGuard.IntegrationTests.Logs;

/// <summary>An event as a line of JSON.</summary>
public sealed class JsonLogFormatterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 18, 4, 5, 678, TimeSpan.FromHours(2)));

    [Fact]
    public void Write_Event_IsALineWithItsFields() => Assert.Equal(
        """{"timestamp":"2026-11-26T16:04:05.678Z","level":"warning","category":"SpamGuard.Some","event_id":1205,"event_name":"StoreAway","message":"7 of \"x\"\n+é","fields":{"store_keys":7,"is_known":true,"part":0.25,"after":"00:00:02","who":null,"rest":"NaN"}}""" + Environment.NewLine,
        Write(
            new EventId(1205, "StoreAway"),
            "7 of \"x\"\n+é",
            [
                new("StoreKeys", 7), new("IsKnown", true), new("Part", .25), new("After", TimeSpan.FromSeconds(2)), new("who", null), new("Rest", double.NaN),
                new("{OriginalFormat}", "{StoreKeys} of"),
            ]));

    [Fact]
    public void Write_ExceptionAndNoName_HasTheOneAndNotTheOther()
    {
        var line = JsonDocument.Parse(Write(default, "m", [], new InvalidTimeZoneException("ours"))).RootElement;

        Assert.Equal(0, line.GetProperty("event_id").GetInt32());
        Assert.False(line.TryGetProperty("event_name", out _));
        Assert.Equal("System.InvalidTimeZoneException: ours", line.GetProperty("exception").GetString());
    }

    [Fact]
    public void Write_WithinASpan_NamesIt()
    {
        using var activity = new Activity("call").SetIdFormat(ActivityIdFormat.W3C).Start();
        var line = JsonDocument.Parse(Write(default, "m", [])).RootElement;

        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (line.GetProperty("trace_id").GetString(), line.GetProperty("span_id").GetString()));
    }

    [Fact]
    public void Write_Scopes_AreLeftOut()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new Dictionary<string, object>(StringComparer.Ordinal) { ["RequestPath"] = "/198.51.100.7" });

        Assert.DoesNotContain("198.51.100.7", Write(default, "m", [], exception: null, scopes), StringComparison.Ordinal);
    }

    private string Write(EventId id, string message, KeyValuePair<string, object?>[] state, Exception? exception = null, IExternalScopeProvider? scopes = null)
    {
        using var text = new StringWriter();
        var entry = new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Warning, "SpamGuard.Some", id, state, exception, (_, _) => message);
        new JsonLogFormatter(_time).Write(entry, scopes, text);
        return text.ToString();
    }
}
