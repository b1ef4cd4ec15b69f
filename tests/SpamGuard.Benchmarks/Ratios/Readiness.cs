using SpamGuard.Benchmarks.Serving;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>Waits until the server answers with the help of its store: it needs its salts first.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Task WaitAsync(ServerProcess server, ScoreRequest request, CancellationToken cancellationToken) =>
        AskAsync(server, request, cancellationToken).TimeoutAfter(Limit);

    private static async Task AskAsync(ServerProcess server, ScoreRequest request, CancellationToken cancellationToken)
    {
        while (!await AnswersAsync(server, request, cancellationToken))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(ServerProcess server, ScoreRequest request, CancellationToken cancellationToken)
    {
        var answer = await server.Scoring.ScoreAsync(request, cancellationToken: cancellationToken);
        return answer.Assessment.Quality == Quality.Full;
    }
}
