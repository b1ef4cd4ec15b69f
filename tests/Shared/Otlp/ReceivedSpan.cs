using System.Globalization;

namespace SpamGuard.Testing.Otlp;

/// <summary>A span as a collector gets it. Numbers of fields are those of <c>opentelemetry/proto/trace/v1/trace.proto</c>.</summary>
internal sealed record ReceivedSpan(string TraceId, string SpanId, string ParentId, string State, string Name, ulong Kind, IReadOnlyDictionary<string, string> Attributes, bool HasMore)
{
    /// <summary>The spans of an <c>ExportTraceServiceRequest</c>.</summary>
    public static IEnumerable<ReceivedSpan> Of(ProtoFields request) =>
        request.Messages(1).SelectMany(static resource => resource.Messages(2)).SelectMany(static scope => scope.Messages(2)).Select(static span => new ReceivedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(3), span.Text(5), span.Number(6), Pairs(span, 9),
            HasMore: span.Has(11) || span.Has(13) || span.Messages(15).Any(static status => status.Text(2).Length > 0)));

    /// <summary>What an <c>ExportTraceServiceRequest</c> says of the process.</summary>
    public static IReadOnlyDictionary<string, string> Resource(ProtoFields request) => Pairs(request.Messages(1).First().Messages(1).Single(), 1);

    private static Dictionary<string, string> Pairs(ProtoFields message, int number) => message.Messages(number).ToDictionary(
        static pair => pair.Text(1), static pair => Value(pair.Messages(2).Single()), StringComparer.Ordinal);

    private static string Value(ProtoFields any) => any.Has(1) ? any.Text(1) : any.Number(3).ToString(CultureInfo.InvariantCulture);
}
