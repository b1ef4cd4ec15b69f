using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Load;

/// <summary>What is said of answers that were not OK: a fast refusal must not pass for a fast answer.</summary>
internal static class Answers
{
    /// <summary>An answer that the store had no part in is as good as a refusal.</summary>
    /// <exception cref="RpcException">It is one.</exception>
    public static async Task<ScoreResponse> FullAsync(this AsyncUnaryCall<ScoreResponse> call)
    {
        var response = await call.ResponseAsync;
        return response.Assessment.Quality == Quality.Full
            ? response
            : throw new RpcException(new Status(StatusCode.Unavailable, "Answered without the store."));
    }

    public static void ThrowIfAny(IReadOnlyDictionary<StatusCode, int> failures, string what, int answered)
    {
        if (failures.Count > 0)
        {
            var counts = string.Join(", ", failures.Select(static pair => $"{pair.Value} {pair.Key}"));
            throw new BenchmarkException($"{what}: not every answer was OK: {answered} OK, {counts}.");
        }
    }
}
