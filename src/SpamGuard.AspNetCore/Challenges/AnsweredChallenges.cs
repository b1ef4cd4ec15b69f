using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>The challenges that were answered in this process: each is answered once, and each decision lets one request through, also while the service is away and can't tell.</summary>
internal sealed class AnsweredChallenges(IOptions<SpamGuardChecksOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ChallengeAnswer> _answers = [];
    private readonly Dictionary<Guid, ChallengedDecision> _decisions = [];
    private readonly Queue<(IssuedChallenge Challenge, long At)> _oldestFirst = new();

    /// <summary>What came of a challenge. Its caller has the decision for itself until it gives it back: a form that is sent twice at once is looked at one after the other.</summary>
    /// <param name="challenge">The challenge.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ChallengeAnswer> TakeAsync(IssuedChallenge challenge, CancellationToken cancellationToken)
    {
        var answer = Of(challenge);
        await answer.Decision.WaitAsync(cancellationToken);
        return answer;
    }

    private ChallengeAnswer Of(IssuedChallenge challenge)
    {
        lock (_gate)
        {
            // A challenge that is set for the decision now can be passed for a lifetime yet, and what comes within a quarter of one isn't noted again.
            var (lifetime, quarter) = (options.Value.ChallengeLifetime, options.Value.ChallengeLifetime / 4);
            while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count >= options.Value.MaxAnsweredChallenges || time.GetElapsedTime(oldest.At) > lifetime + quarter))
            {
                Forget(_oldestFirst.Dequeue().Challenge);
            }

            if (!_answers.TryGetValue(challenge.Id, out var answer))
            {
                if (!_decisions.TryGetValue(challenge.DecisionId, out var decision))
                {
                    _decisions[challenge.DecisionId] = decision = new ChallengedDecision(challenge.DecisionToken);
                }

                decision.Remembered++;
                _answers[challenge.Id] = answer = new ChallengeAnswer(decision);
            }

            if (answer.Noted.Times == 0 || time.GetElapsedTime(answer.Noted.At) > quarter)
            {
                answer.Noted = (time.GetTimestamp(), answer.Noted.Times + 1);
                _oldestFirst.Enqueue((challenge, answer.Noted.At));
            }

            return answer;
        }
    }

    private void Forget(IssuedChallenge challenge)
    {
        var answer = _answers[challenge.Id];
        answer.Noted = (answer.Noted.At, answer.Noted.Times - 1);
        if (answer.Noted.Times > 0)
        {
            return;
        }

        _answers.Remove(challenge.Id);
        if (--answer.Decision.Remembered == 0)
        {
            _decisions.Remove(challenge.DecisionId);
        }
    }
}
