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
    /// <param name="candidate">The section <c>shadow</c>, laid over it; <c>null</c> where there is none.</param>
    public KindInForce(ScoringPolicy policy, ScoringPolicy? candidate)
    {
        Live = policy.WithoutShadowed(except: null);
        Candidate = candidate ?? (policy.ShadowSignals.Count > 0 ? policy : null); // in which signals in shadow count
        ShadowedSignals = [.. policy.ShadowSignals.Select(code => (code, policy.WithoutShadowed(except: code)))];
    }

    /// <summary>What decides.</summary>
    public ScoringPolicy Live { get; }

    /// <summary>What would be decided if all that is in shadow counted, signals and the section <c>shadow</c>; <c>null</c> where nothing is.</summary>
    public ScoringPolicy? Candidate { get; }

    /// <summary>What would be decided if one shadowed signal counted, per signal.</summary>
    public IReadOnlyList<(SignalCode Signal, ScoringPolicy Policy)> ShadowedSignals { get; }
}
