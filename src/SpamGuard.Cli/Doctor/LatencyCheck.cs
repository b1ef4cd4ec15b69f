using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Health.V1;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Doctor;

/// <summary>How long a call takes from here. Nothing is judged: what is slow depends on where from.</summary>
/// <param name="connection">The server.</param>
/// <param name="report">Takes what is found.</param>
internal sealed class LatencyCheck(Connection connection, DoctorReport report)
{
    private const int Pings = 15;
    private const int Previews = 5; // they take from the caller's quota

    /// <summary>Asks.</summary>
    public async Task RunAsync(ServerFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            var health = new Health.HealthClient(connection.Calls);
            var empty = await MedianAsync(Pings, async () => await health.CheckAsync(new HealthCheckRequest(), connection.Options(cancellationToken)));
            var found = string.Create(CultureInfo.InvariantCulture, $"median of {Pings} empty health calls: {empty.TotalMilliseconds:0.0} ms");
            report.Add(CheckNames.Latency, CheckState.Ok, facts.May("ScoringService/Preview") ? found + await RatioAsync(empty, cancellationToken) : found);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report.Add(CheckNames.Latency, CheckState.Unknown, CallFailure.Describe(e, connection.Server));
        }
    }

    private async Task<string> RatioAsync(TimeSpan empty, CancellationToken cancellationToken)
    {
        try
        {
            var scoring = new ScoringService.ScoringServiceClient(connection.Calls);
            var preview = await MedianAsync(Previews, async () => await scoring.PreviewAsync(StoreChecks.Preview(EventKind.SignUp), connection.Options(cancellationToken)));
            return string.Create(CultureInfo.InvariantCulture, $"; a preview takes {preview / empty:0.0} times as long");
        }
        catch (RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return string.Empty; // not this kind for this caller, or over its quota
        }
    }

    private static async Task<TimeSpan> MedianAsync(int count, Func<Task> call)
    {
        var took = new List<TimeSpan>();
        while (took.Count < count)
        {
            var began = Stopwatch.GetTimestamp();
            await call();
            took.Add(Stopwatch.GetElapsedTime(began));
        }

        return took.Order().ElementAt(count / 2);
    }
}
