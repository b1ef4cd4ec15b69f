using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>Which challenges were answered in this process: each can be once, also while the service is away and can't tell.</summary>
internal sealed class AnsweredChallenges(IOptions<SpamGuardChecksOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<(Guid Id, long At)> _oldestFirst = new();

    /// <summary>Whether it is answered for the first time.</summary>
    public bool TryAdd(Guid id)
    {
        lock (_gate)
        {
            while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count >= options.Value.MaxAnsweredChallenges || time.GetElapsedTime(oldest.At) > options.Value.ChallengeLifetime))
            {
                _ids.Remove(_oldestFirst.Dequeue().Id);
            }

            if (!_ids.Add(id))
            {
                return false;
            }

            _oldestFirst.Enqueue((id, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Lets it be answered again.</summary>
    public void Remove(Guid id)
    {
        lock (_gate)
        {
            _ids.Remove(id);
        }
    }
}
