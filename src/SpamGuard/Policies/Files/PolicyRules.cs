namespace SpamGuard.Policies.Files;

/// <summary>What no key says alone: which constants may not be larger than which.</summary>
internal static class PolicyRules
{
    private static readonly (string Smaller, string Larger)[] Ordered =
    [
        ("prior.min", "prior.max"), ("thresholds.challenge", "thresholds.throttle"), ("thresholds.throttle", "thresholds.deny"),
    ];

    /// <summary>The faults of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="lineOf">On which line of the file a key was set.</param>
    /// <param name="isAtFault">Whether a key of a section is at fault by itself, so that nothing can be said of it.</param>
    public static IReadOnlyList<PolicyFault> Check(Policy policy, Func<string, int> lineOf, Predicate<string> isAtFault)
    {
        var faults = new List<PolicyFault>();
        var numbers = PolicyKeys.Leaves(policy).Where(leaf => leaf.Value is double).ToDictionary(leaf => leaf.Path, leaf => (double)leaf.Value, StringComparer.Ordinal);
        foreach (var section in Sections(policy))
        {
            foreach (var (smaller, larger) in Ordered)
            {
                var (low, high) = ($"{section}.{smaller}", $"{section}.{larger}");
                if (numbers[low] > numbers[high] && !isAtFault(smaller) && !isAtFault(larger))
                {
                    faults.Add(lineOf(low) > lineOf(high)
                        ? new PolicyFault(lineOf(low), low, $"found {PolicyText.Of(numbers[low])}, more than {larger}; allowed are numbers up to it, {PolicyText.Of(numbers[high])}.")
                        : new PolicyFault(lineOf(high), high, $"found {PolicyText.Of(numbers[high])}, less than {smaller}; allowed are numbers from it on, {PolicyText.Of(numbers[low])}."));
                }
            }
        }

        return faults;
    }

    private static IEnumerable<string> Sections(Policy policy)
    {
        var kinds = EventKinds.All.Select(kind => kind.Name());
        return policy.Candidate is null ? kinds : kinds.Concat(kinds.Select(kind => $"{PolicyKeys.Shadow}.{kind}"));
    }
}
