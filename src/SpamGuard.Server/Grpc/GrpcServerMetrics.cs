using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Prometheus;
using HealthService = Grpc.Health.V1.Health;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SpamGuard.Server.Grpc;

/// <summary>What the ecosystem's dashboards expect of a gRPC server. Every series of every known method is there from the start, at 0.</summary>
internal sealed class GrpcServerMetrics
{
    /// <summary>Seconds, dense around the edges of the latency objectives.</summary>
    public static readonly double[] Buckets =
        [.0005, .001, .002, .003, .005, .0075, .01, .015, .02, .03, .05, .075, .1, .25, .5, 1];

    private static readonly StatusCode[] Codes = Enum.GetValues<StatusCode>();
    private static readonly ServiceDescriptor[] Services =
        [.. ServedServices.Everywhere, .. ServedServices.Scoring, .. ServedServices.Desk, HealthService.Descriptor];

    private readonly Counter _started;
    private readonly Counter _handled;
    private readonly Histogram _handling;
    private readonly FrozenDictionary<string, MethodSeries> _methods;

    /// <summary>Makes the series of all methods.</summary>
    public GrpcServerMetrics(IMetricFactory metrics)
    {
        _started = metrics.CreateCounter(
            "grpc_server_started_total", "Calls that were begun.", ["grpc_service", "grpc_method", "grpc_type"]);
        _handled = metrics.CreateCounter(
            "grpc_server_handled_total", "Calls that ended, by status code.", ["grpc_service", "grpc_method", "grpc_type", "grpc_code"]);
        _handling = metrics.CreateHistogram(
            "grpc_server_handling_seconds",
            "Time from the begin of a call to its end, of calls that ended OK.",
            ["grpc_service", "grpc_method", "grpc_type"],
            new HistogramConfiguration { Buckets = Buckets });
        _methods = Services
            .SelectMany(static service => service.Methods)
            .ToFrozenDictionary(static method => $"/{method.Service.FullName}/{method.Name}", Series, StringComparer.Ordinal);
    }

    /// <summary>A call begins. What is not known by name, such as reflection, is not counted: labels stay bounded.</summary>
    public MethodSeries? Started(string method)
    {
        var series = _methods.GetValueOrDefault(method);
        series?.Started();
        return series;
    }

    /// <summary>A call was answered before it began, by who makes it.</summary>
    public void Refused(string method, StatusCode code)
    {
        var series = Started(method);
        series?.Handled(code, elapsed: default);
    }

    private MethodSeries Series(MethodDescriptor method)
    {
        string[] labels = [method.Service.FullName, method.Name, Type(method)];
        return new MethodSeries(
            _started.WithLabels(labels),
            [.. Codes.Select(code => _handled.WithLabels([.. labels, code.ToString()]))],
            _handling.WithLabels(labels));
    }

    private static string Type(MethodDescriptor method) => (method.IsClientStreaming, method.IsServerStreaming) switch
    {
        (false, false) => "unary",
        (false, true) => "server_stream",
        (true, false) => "client_stream",
        (true, true) => "bidi_stream",
    };

    /// <summary>The series of one method.</summary>
    internal sealed class MethodSeries(Counter.Child started, Counter.Child[] handled, Histogram.Child handling)
    {
        /// <summary>A call begins.</summary>
        public void Started() => started.Inc();

        /// <summary>A call ended. Only one that is answered has its time measured: refusals and failures are quick, and would hide that answers are slow.</summary>
        public void Handled(StatusCode code, TimeSpan elapsed)
        {
            // An array lookup, for the codes are 0 to 16; a status that is none of them counts as Unknown, as clients take it.
            handled[(int)code < handled.Length ? (int)code : (int)StatusCode.Unknown].Inc();
            if (code == StatusCode.OK)
            {
                handling.Observe(elapsed.TotalSeconds);
            }
        }
    }
}
