namespace SpamGuard.Policies;

/// <summary>A policy made ready to judge by. An event takes one from beginning to end.</summary>
internal sealed class PolicyInForce
{
    private readonly KindInForce _signUp;
    private readonly KindInForce _message;

    /// <summary>Makes a policy ready.</summary>
    public PolicyInForce(Policy policy)
    {
        Policy = policy;
        Revision = policy.Revision();
        _signUp = new KindInForce(policy.SignUp, policy.Candidate?.SignUp);
        _message = new KindInForce(policy.Message, policy.Candidate?.Message);
    }

    /// <summary>What was configured.</summary>
    public Policy Policy { get; }

    /// <summary>Identifies it.</summary>
    public string Revision { get; }

    /// <summary>How events of a kind are judged.</summary>
    public KindInForce For(EventKind kind) => kind == EventKind.SignUp ? _signUp : _message;
}

/// <summary>How events of one kind are judged, for real and in shadow.</summary>
internal sealed class KindInForce
{
    /// <summary>Makes a kind ready.</summary>
    /// <param name="policy">As configured.</param>
    /// <param name="candidate">What is tried in shadow; <c>null</c> for nothing but the policy's own shadowed signals.</param>
    public KindInForce(ScoringPolicy policy, ScoringPolicy? candidate)
    {
        Live = policy.WithoutShadowed(except: null);
        Candidate = candidate?.WithoutShadowed(except: null) ?? (policy.ShadowSignals.Count > 0 ? policy : null);
        ShadowedSignals = [.. policy.ShadowSignals.Select(code => (code, policy.WithoutShadowed(except: code)))];
    }

    /// <summary>What decides.</summary>
    public ScoringPolicy Live { get; }

    /// <summary>What would be decided; <c>null</c> where nothing is tried. Without a candidate of its own: all shadowed signals at once.</summary>
    public ScoringPolicy? Candidate { get; }

    /// <summary>What would be decided if one shadowed signal counted, per signal.</summary>
    public IReadOnlyList<(SignalCode Signal, ScoringPolicy Policy)> ShadowedSignals { get; }
}
