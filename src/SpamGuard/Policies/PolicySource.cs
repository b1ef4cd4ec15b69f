namespace SpamGuard.Policies;

/// <summary>Holds the policy in force; it is swapped whole.</summary>
internal sealed class PolicySource(Policy policy)
{
    private volatile PolicyInForce _current = new(policy);

    /// <summary>The policy in force. Take it once per event.</summary>
    public PolicyInForce Current => _current;

    /// <summary>Puts another policy in force, from the next event on.</summary>
    public void Replace(Policy next) => _current = new PolicyInForce(next);
}
