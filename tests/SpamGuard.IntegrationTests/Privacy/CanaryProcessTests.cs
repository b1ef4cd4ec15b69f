using System.Text.Json;
using System.Text.RegularExpressions;
using SpamGuard.Testing;
using SpamGuard.Server.Callers;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The log and the spans of the program itself, with known addresses sent through every call: as k8s/MONITORING.md documents them, and none in either.</summary>
[Collection(nameof(CanaryCollection))]
public sealed partial class CanaryProcessTests(CanaryProcessFixture process) : IClassFixture<CanaryProcessFixture>
{
    private const string Logs = "## Logs";
    private const string Tracing = "## Tracing";
    private const int FewestLines = 1000;
    private const ulong Server = 2, Client = 3;

    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "critical"];

    [Fact]
    public void Log_AtTrace_IsALineOfTheDocumentedSchemaAnEvent()
    {
        Assert.True(process.Log.Count > FewestLines, "It logged hardly anything: that proves nothing.");
        var faults = process.Log.Select(static line => (Line: line, Fault: LogLine.Fault(line))).Where(static one => one.Fault is not null).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(5)));
    }

    [Theory]
    [InlineData("""hello""", "no JSON object")]
    [InlineData("""[]""", "no JSON object")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"trace","category":"c","event_id":1,"message":"m"}""", "without fields")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00","level":"trace","category":"c","event_id":1,"message":"m","fields":{}}""", "timestamp: 2026-11-26T16:00:00")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"info","category":"c","event_id":1,"message":"m","fields":{}}""", "level: info")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"trace","category":"c","event_id":"1","message":"m","fields":{}}""", "event_id is no number")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"trace","category":"c","event_id":1,"message":"m","fields":{},"scopes":[]}""", "scopes is not documented")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"trace","category":"c","event_id":1,"message":"m","fields":{"a":{}}}""", "fields.a is neither text, number, true, false nor null")]
    [InlineData("""{"timestamp":"2026-11-26T16:00:00.000Z","level":"trace","category":"c","event_id":1,"message":"m","fields":{},"trace_id":"x"}""", "trace_id: x")]
    public void Fault_LineOfAnotherSchema_IsTold(string line, string expected) => Assert.Equal(expected, LogLine.Fault(line));

    [Fact]
    public void Log_EventsOfOurs_HaveIdNameAndLevelOfTheTable()
    {
        var documented = Pages.NamedRows("## Log events").ToDictionary(static row => row[0], static row => row[1], StringComparer.Ordinal);
        var ours = process.Log.Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(static line => line.GetProperty("category").GetString()!.StartsWith("SpamGuard.", StringComparison.Ordinal)).ToList();

        Assert.All(ours, line => Assert.Equal(
            documented[$"{line.GetProperty("event_id").GetInt32()} {line.GetProperty("event_name").GetString()}"], line.GetProperty("level").GetString()));
        Assert.Subset(
            ours.Select(static line => line.GetProperty("event_id").GetInt32()).ToHashSet(),
            new HashSet<int> { EventIds.StoreConnectionLost, EventIds.SubjectErased, EventIds.OverrideSet, EventIds.DisclosureOpened, SpamGuard.Server.EventIds.Listening });
        var erased = ours.First(static line => line.GetProperty("event_id").GetInt32() == EventIds.SubjectErased);
        Assert.Equal((CanaryCalls.TraceId, 16), (erased.GetProperty("trace_id").GetString(), erased.GetProperty("span_id").GetString()!.Length));
    }

    [Fact]
    public void Log_AtTrace_HoldsNoCanaryAndNoToken() => AssertClean("the log", process.Log, holdsBytes: false);

    [Fact]
    public async Task Spans_AsTheyAreSent_HoldNoCanaryAndNoToken() => AssertClean(process.Collector.Name, await process.Collector.ReadAsync(), holdsBytes: true);

    [Fact]
    public void Spans_OfEveryMethod_AreBelowThatOfTheCaller()
    {
        var calls = process.Collector.Spans.Where(static span => span.Kind == Server).ToList();

        Assert.All(calls, static span => Assert.Equal((CanaryCalls.TraceId, CanaryCalls.CallerSpanId, ""), (span.TraceId, span.ParentId, span.State)));
        Assert.Equal(
            MethodRoles.All.Keys.Where(static path => !path.StartsWith("/grpc.", StringComparison.Ordinal)).Select(static path => path[1..]).Order(StringComparer.Ordinal),
            calls.Select(static span => span.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(calls, static span => Assert.Equal(span.Name, $"{span.Attributes["rpc.service"]}/{span.Attributes["rpc.method"]}"));
        Assert.Contains(calls, static span => span is { Name: "spamguard.v1.ScoringService/Score" }
            && span.Attributes["rpc.grpc.status_code"] == "0" && span.Attributes["spamguard.event_kind"] == "message" && span.Attributes["spamguard.quality"] == "degraded");
        Assert.Contains(calls, static span => span.Attributes.GetValueOrDefault("rpc.grpc.status_code") == "14" && span.Attributes["error.type"] == "Unavailable");
        Assert.Contains(calls, static span => span.Attributes.GetValueOrDefault("spamguard.batch_size") == "12");
    }

    [Fact]
    public void Spans_OfTripsToTheStore_AreBelowTheCallThatMadeThem()
    {
        var calls = process.Collector.Spans.Where(static span => span.Kind == Server).ToDictionary(static span => span.SpanId, StringComparer.Ordinal);
        var trips = process.Collector.Spans.Where(static span => span.Kind == Client).ToList();

        Assert.All(trips, trip => Assert.Equal((calls[trip.ParentId].TraceId, "redis", "standalone", trip.Name), (trip.TraceId, trip.Attributes["db.system.name"], trip.Attributes["spamguard.store.topology"], trip.Attributes["db.operation.name"])));
        Assert.Equal(
            ["epoch_plant", "observe", "override_clear", "override_set", "read", "report", "subject_erase", "subject_read"],
            trips.Select(static trip => trip.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Contains(trips, trip => trip.Name == "observe" && calls[trip.ParentId].Name == "spamguard.v1.ScoringService/Score" && !trip.Attributes.ContainsKey("error.type"));
        Assert.Contains(trips, static trip => trip.Attributes.GetValueOrDefault("error.type") is "unavailable" or "timeout" or "circuit_open");
    }

    [Fact]
    public void Spans_Attributes_AreThoseOfTheTableAndNamesOrNumbers()
    {
        var spans = process.Collector.Spans;
        var documented = Pages.NamedRows(Tracing).Select(static row => row[0]).ToList();

        Assert.Equal(documented.Order(StringComparer.Ordinal), spans.SelectMany(static span => span.Attributes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(spans.SelectMany(static span => span.Attributes.Values).Distinct(StringComparer.Ordinal), static value => Assert.Matches(NameOrNumber(), value));
        Assert.DoesNotContain(spans, static span => span.HasMore);
    }

    [Fact]
    public void Spans_Resource_IsOursWhateverTheEnvironmentSays()
    {
        Assert.All(process.Collector.Paths, static path => Assert.Equal("/v1/traces", path));
        Assert.All(process.Collector.Resources, static resource =>
        {
            Assert.Equal(["service.instance.id", "service.name", "service.version"], resource.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("spamguard", resource["service.name"]);
            Assert.True(Guid.TryParse(resource["service.instance.id"], out _));
        });
    }

    private void AssertClean(string name, IReadOnlyList<string> pieces, bool holdsBytes)
    {
        Assert.NotEmpty(pieces);
        CanaryDetector[] detectors = [Canaries.Detector, StoreTokens.Detector(process.Tokens.Concat(process.DecisionTokens))];
        var leaks = pieces.SelectMany(piece => detectors.SelectMany(detector => detector.Find(name, piece, holdsBytes))).ToList();
        Assert.True(leaks.Count == 0, $"{leaks.Count} leaks:\n{string.Join('\n', leaks.Take(10))}");
    }

    /// <summary>The schema of the page's table, against which lines are held.</summary>
    private static class LogLine
    {
        private static readonly Dictionary<string, (string Type, bool IsAlways)> Documented =
            Pages.NamedRows(Logs).ToDictionary(static row => row[0], static row => (row[1], row[2] == "always"), StringComparer.Ordinal);

        /// <summary>What of a line is not as documented; <c>null</c> where nothing is.</summary>
        public static string? Fault(string line)
        {
            try
            {
                using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
                return document.RootElement.ValueKind == JsonValueKind.Object ? Faults(document.RootElement).FirstOrDefault() : "no JSON object";
            }
            catch (JsonException)
            {
                return "no JSON object";
            }
        }

        private static IEnumerable<string> Faults(JsonElement line)
        {
            foreach (var property in line.EnumerateObject())
            {
                if (!Documented.TryGetValue(property.Name, out var documented))
                {
                    yield return $"{property.Name} is not documented";
                }
                else if (documented.Type != TypeOf(property.Value))
                {
                    yield return $"{property.Name} is no {documented.Type}";
                }
                else if (!IsOfItsForm(property.Name, property.Value))
                {
                    yield return $"{property.Name}: {property.Value.GetString()}";
                }
            }

            foreach (var (name, _) in Documented.Where(one => one.Value.IsAlways && !line.TryGetProperty(one.Key, out _)))
            {
                yield return $"without {name}";
            }

            foreach (var field in line.TryGetProperty("fields", out var fields) ? fields.EnumerateObject().ToArray() : [])
            {
                if (TypeOf(field.Value) is "object" or "array")
                {
                    yield return $"fields.{field.Name} is neither text, number, true, false nor null";
                }
            }
        }

        private static bool IsOfItsForm(string name, JsonElement value) => name switch
        {
            "timestamp" => Timestamp().IsMatch(value.GetString()!),
            "level" => Levels.Contains(value.GetString()),
            "trace_id" => TraceId().IsMatch(value.GetString()!),
            "span_id" => SpanId().IsMatch(value.GetString()!),
            _ => true,
        };

        private static string TypeOf(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\z")]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"\A[0-9a-f]{32}\z")]
    private static partial Regex TraceId();

    [GeneratedRegex(@"\A[0-9a-f]{16}\z")]
    private static partial Regex SpanId();

    [GeneratedRegex(@"\A([A-Za-z_]{1,40}|spamguard\.v1\.[A-Za-z]{1,40}|envoy\.service\.auth\.v3\.[A-Za-z]{1,40}|[0-9]{1,3})\z")]
    private static partial Regex NameOrNumber();
}
