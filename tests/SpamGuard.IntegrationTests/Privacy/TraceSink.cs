using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Every activity of every source, as an exporter would send it: names, status, state, tags, baggage, events, links.</summary>
internal sealed class TraceSink : ISink, IDisposable
{
    /// <summary>It knows where it calls. The product calls nobody by HTTP.</summary>
    private const string TestsOwnClient = "System.Net.Http";

    private readonly ConcurrentQueue<string> _activities = new();
    private readonly ActivityListener _listener;

    public TraceSink()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name != TestsOwnClient,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _activities.Enqueue(Describe(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public string Name => "traces";

    public bool HoldsBytes => false;

    public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult<IReadOnlyList<string>>([.. _activities]);

    public void Dispose() => _listener.Dispose();

    private static string Describe(Activity activity)
    {
        var text = new StringBuilder($"{activity.Source.Name} {activity.OperationName} '{activity.DisplayName}' {activity.StatusDescription} {activity.TraceStateString}");
        Append(text, activity.TagObjects);
        Append(text, activity.Baggage.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)));
        foreach (var e in activity.Events)
        {
            text.Append("\n  event ").Append(e.Name);
            Append(text, e.Tags);
        }

        foreach (var link in activity.Links)
        {
            Append(text, link.Tags ?? []);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        foreach (var pair in pairs)
        {
            text.Append("\n  ").Append(pair.Key).Append('=').Append(pair.Value);
        }
    }
}
