using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>The challenges that were answered in this process: each lets one request through at most, also while the service is away and can't tell.</summary>
internal sealed class AnsweredChallenges(IOptions<SpamGuardChecksOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ChallengeAnswer> _answers = [];
    private readonly Queue<(Guid Id, long At)> _oldestFirst = new();

    /// <summary>The answer to a challenge, which its caller has for itself until it gives it back: a form that is sent twice at once is looked at one after the other.</summary>
    /// <param name="id">The challenge.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ChallengeAnswer> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        var answer = Of(id);
        await answer.WaitAsync(cancellationToken);
        return answer;
    }

    private ChallengeAnswer Of(Guid id)
    {
        lock (_gate)
        {
            while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count >= options.Value.MaxAnsweredChallenges || time.GetElapsedTime(oldest.At) > options.Value.ChallengeLifetime))
            {
                _answers.Remove(_oldestFirst.Dequeue().Id);
            }

            if (!_answers.TryGetValue(id, out var answer))
            {
                _answers[id] = answer = new ChallengeAnswer();
                _oldestFirst.Enqueue((id, time.GetTimestamp()));
            }

            return answer;
        }
    }
}
