using SpamGuard.Promise.World;

namespace SpamGuard.Promise.Sabotages;

/// <summary>What is broken in one walk: nothing, one thing, or several of which each must fail a clause of its own.</summary>
internal sealed class SabotageSet(params IReadOnlyList<Sabotage> all)
{
    /// <summary>Each.</summary>
    public IReadOnlyList<Sabotage> All => all;

    /// <summary>Arguments of redis-server, after all others.</summary>
    public IEnumerable<string> Redis => all.SelectMany(static one => one.Redis);

    /// <summary>Variables of the environment of every process of the service, over all others.</summary>
    public IEnumerable<(string Name, string Value)> Service => all.SelectMany(static one => one.Service.Select(static pair => (pair.Key, pair.Value)));

    /// <summary>Whether Redis also listens in the clear.</summary>
    public bool PlaintextPort => all.Any(static one => one.PlaintextPort);

    /// <summary>All that can be broken, in few sets, so that few walks show each to be noticed; in the order of the catalog otherwise.</summary>
    /// <param name="sabotages">What can be broken.</param>
    /// <param name="largest">How many are in a set at most.</param>
    public static IReadOnlyList<SabotageSet> Of(IEnumerable<Sabotage> sabotages, int largest)
    {
        var sets = new List<List<Sabotage>>();
        foreach (var sabotage in sabotages)
        {
            var free = sets.Find(set => set.Count < largest && set.TrueForAll(other => other.Clause != sabotage.Clause));
            if (free is null)
            {
                sets.Add([sabotage]);
            }
            else
            {
                free.Add(sabotage);
            }
        }

        return [.. sets.Select(static set => new SabotageSet(set))];
    }

    /// <summary>Whether a clause is to fail, and so to be walked to its end.</summary>
    /// <param name="clause">Its name.</param>
    public bool Breaks(string clause) => all.Any(one => one.Clause == clause);

    /// <summary>A line of the store's users with what is granted to its account.</summary>
    public string Granted(string line) =>
        string.Join(' ', [line, .. all.Where(one => one.Grant is { } grant && line.StartsWith($"user {grant.Account.Name} ", StringComparison.Ordinal)).Select(static one => one.Grant!.Value.Rules)]);

    /// <summary>Lets each act, one after the other.</summary>
    public async Task AtAsync(RunningWorld world, Moment moment)
    {
        foreach (var act in all.Select(static one => one.Act).OfType<Func<RunningWorld, Moment, Task>>())
        {
            await act(world, moment);
        }
    }
}
