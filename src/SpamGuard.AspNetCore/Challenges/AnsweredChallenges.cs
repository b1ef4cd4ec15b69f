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
            while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count >= options.Value.MaxAnsweredChallenges || time.GetElapsedTime(oldest.At) > options.Value.ChallengeLifetime))
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
                _oldestFirst.Enqueue((challenge, time.GetTimestamp()));
            }

            return answer;
        }
    }

    private void Forget(IssuedChallenge challenge)
    {
        _answers.Remove(challenge.Id, out var answer);
        if (--answer!.Decision.Remembered == 0)
        {
            _decisions.Remove(challenge.DecisionId);
        }
    }
}
