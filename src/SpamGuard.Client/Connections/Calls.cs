using Grpc.Core;
using Grpc.Health.V1;
using SpamGuard.V1;

namespace SpamGuard.Client.Connections;

/// <summary>The services that are called, on one channel.</summary>
internal sealed class Calls(CallInvoker invoker)
{
    /// <summary>Scores.</summary>
    public ScoringService.ScoringServiceClient Scoring { get; } = new(invoker);

    /// <summary>Takes reports.</summary>
    public FeedbackService.FeedbackServiceClient Feedback { get; } = new(invoker);

    /// <summary>Says whether it serves.</summary>
    public Health.HealthClient Health { get; } = new(invoker);
}
