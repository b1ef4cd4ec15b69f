using Grpc.Core;

namespace SpamGuard.Benchmarks.Load;

/// <summary>What is said of answers that were not OK: a fast refusal must not pass for a fast answer.</summary>
internal static class Answers
{
    public static void ThrowIfAny(IReadOnlyDictionary<StatusCode, int> failures, string what, int answered)
    {
        if (failures.Count > 0)
        {
            var counts = string.Join(", ", failures.Select(static pair => $"{pair.Value} {pair.Key}"));
            throw new BenchmarkException($"{what}: not every answer was OK: {answered} OK, {counts}.");
        }
    }
}
