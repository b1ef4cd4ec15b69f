using System.Collections.Immutable;

namespace SpamGuard.Policies;

/// <summary>How events of one kind are judged: every constant of the model, in one place. Immutable.</summary>
/// <remarks>
/// <see cref="PolicyKeyAttribute"/> says what each one means, how it is called in a policy file and what it may be.
/// The defaults come from a causal study of 5,262 real mails and a synthetic world of 77,000 events: features from the past only, feedback
/// delayed by an hour, the last 30 % by time as test.
/// </remarks>
internal sealed record ScoringPolicy
{
    /// <summary>What the model was studied with.</summary>
    public static readonly ScoringPolicy Default = new();

    [PolicyKey("memory.account", "Whether accounts have records of their own: more than \"IP addresses only\", hence off.", IsOfWholeFile = true)]
    public bool AccountMemory { get; init; }

    [PolicyKey("memory.content", "Whether contents have records of their own: more than \"IP addresses only\", hence off.", IsOfWholeFile = true)]
    public bool ContentMemory { get; init; }

    [PolicyKey("test_addresses", "Whether documentation addresses that end in 1 to 4 give fixed verdicts and count nothing, as test cards do. Never in production.", IsOfWholeFile = true)]
    public bool TestAddresses { get; init; }

    [PolicyKey("prior.probability", .001, .5, "Probability of spam before anything is known.")]
    public double Prior { get; init; } = .05;

    [PolicyKey("prior.weight", .1, 100_000, "How many messages prior.probability is worth against what was seen.")]
    public double PriorWeight { get; init; } = 20;

    [PolicyKey("prior.min", .001, .5, "The prior of messages is kept from here on.")]
    public double PriorMin { get; init; } = .01;

    [PolicyKey("prior.max", .001, .9, "The prior of messages is kept up to here.")]
    public double PriorMax { get; init; } = .2;

    [PolicyKey("shrinkage.wide", .1, 1000, "How many observations of a /8 (IPv6 /24) its parent is worth.")]
    public double WideWeight { get; init; } = 8;

    [PolicyKey("shrinkage.region", .1, 1000, "How many observations of a region its parent is worth.")]
    public double RegionWeight { get; init; } = 2;

    [PolicyKey("shrinkage.network", .1, 1000, "How many observations of a network its parent is worth.")]
    public double NetworkWeight { get; init; } = 1;

    [PolicyKey("shrinkage.address", .1, 1000, "How many observations of an address its parent is worth.")]
    public double AddressWeight { get; init; } = 1;

    [PolicyKey("shrinkage.account", .1, 1000, "How many observations of an account the prior is worth.")]
    public double AccountWeight { get; init; } = 1;

    [PolicyKey("shrinkage.content", .1, 1000, "How many observations of a content the prior is worth.")]
    public double ContentWeight { get; init; } = 1;

    [PolicyKey("limits.wide", 0, 20, "Log-odds that a /8 (IPv6 /24) can give or take.")]
    public double WideLimit { get; init; } = 1.6;

    [PolicyKey("charges.sign_up_address_fast", 0, 86_400, "Seconds that a sign-up adds to the fast bucket of its address.", IsLiveOnly = true)]
    public int SignUpAddressFastCharge { get; init; } = 60;

    [PolicyKey("charges.sign_up_network_fast", 0, 86_400, "Seconds that a sign-up adds to the fast bucket of its network.", IsLiveOnly = true)]
    public int SignUpNetworkFastCharge { get; init; } = 300;

    [PolicyKey("charges.sign_up_slow", 0, 86_400, "Seconds that a sign-up adds to the slow buckets of its address and its network.", IsLiveOnly = true)]
    public int SignUpSlowCharge { get; init; } = 3600;

    [PolicyKey("charges.message_account_fast", 0, 86_400, "Seconds that a message adds to the fast bucket of its account.", IsLiveOnly = true)]
    public int MessageAccountFastCharge { get; init; } = 60;

    [PolicyKey("charges.message_slow", -86_400, 86_400, "Seconds that a message adds to the slow buckets of its address and its network; below 0, messages pay for sign-ups.", IsLiveOnly = true)]
    public int MessageSlowCharge { get; init; } = -300;

    [PolicyKey("units.log_odds", 0, 20, "Log-odds at one unit of what a subject has not worked off; they grow with the square root. At 2.2, 1 unit is a CHALLENGE and 5.5 units a DENY.")]
    public double Surge { get; init; } = 2.2;

    [PolicyKey("units.address_fast", 1, 31_536_000, "Seconds in the fast bucket of an address that make one unit.")]
    public double AddressFastUnit { get; init; } = 60;

    [PolicyKey("units.network_fast", 1, 31_536_000, "Seconds in the fast bucket of a network that make one unit.")]
    public double NetworkFastUnit { get; init; } = 1200;

    [PolicyKey("units.account_fast", 1, 31_536_000, "Seconds in the fast bucket of an account that make one unit.")]
    public double AccountFastUnit { get; init; } = 3600;

    [PolicyKey("units.address_slow", 1, 31_536_000, "Seconds in the slow bucket of an address that make one unit.")]
    public double AddressSlowUnit { get; init; } = 40 * 3600;

    [PolicyKey("units.network_slow", 1, 31_536_000, "Seconds in the slow bucket of a network that make one unit.")]
    public double NetworkSlowUnit { get; init; } = 120 * 3600;

    [PolicyKey("units.others", .1, 1000, "Other senders of one content that make one unit.")]
    public double OthersUnit { get; init; } = 3;

    [PolicyKey("units.others_from", 1, 1000, "From how many other senders on a content counts as repeated.")]
    public int OthersFrom { get; init; } = 2;

    [PolicyKey("limits.fast", 0, 20, "Log-odds that the fast bucket of an address or a network can give.")]
    public double FastLimit { get; init; } = 6;

    [PolicyKey("limits.account_fast", 0, 20, "Log-odds that the fast bucket of an account can give.")]
    public double AccountFastLimit { get; init; } = 3;

    [PolicyKey("limits.slow", 0, 20, "Log-odds that a slow bucket can give.")]
    public double SlowLimit { get; init; } = 3.2;

    [PolicyKey("limits.others", 0, 20, "Log-odds that a repeated content can give.")]
    public double OthersLimit { get; init; } = 4.5;

    [PolicyKey("allowances.usual", 1, 1_000_000, "Older units that double what a network may do.")]
    public double Usual { get; init; } = 200;

    [PolicyKey("allowances.praise", 1, 1_000_000, "Legitimate reports that double what a slow bucket may hold.")]
    public double Praise { get; init; } = 20;

    [PolicyKey("shared.allowance", 1, 1000, "A shared subject may do so many times more.")]
    public double SharedAllowance { get; init; } = 4;

    [PolicyKey("shared.from", 1, 1_000_000, "A subject is shared from so many older units on, with fewer spam units than shared.ratio of them.")]
    public double SharedFrom { get; init; } = 60;

    [PolicyKey("shared.ratio", 0, 1, "The share of spam units from which on a subject is not shared.")]
    public double SharedRatio { get; init; } = .05;

    [PolicyKey("standing.bursting", 0, 20, "From a burst of so many log-odds on, reputations take away no more than standing.good.")]
    public double Bursting { get; init; } = 1;

    [PolicyKey("standing.good", 0, 20, "Log-odds that good reputations may take away during a burst.")]
    public double GoodStanding { get; init; } = .5;

    [PolicyKey("silence.worth", 0, 1, "An unreported unit from before yesterday counts as so much of a legitimate report.")]
    public double Silence { get; init; } = .1;

    [PolicyKey("silence.cap", 0, 100_000, "Unreported units count as no more legitimate reports than so many.")]
    public double SilenceCap { get; init; } = 20;

    [PolicyKey("standing.regular_account", 0, 20, "Log-odds that a regular account is given.")]
    public double RegularBonus { get; init; } = .7;

    [PolicyKey("standing.forgiven", 0, 1000, "Reports on one account behind a shared address that count nothing.")]
    public int Forgiven { get; init; } = 1;

    [PolicyKey("thresholds.evidence_needed", 0, 20, "Log-odds above the prior that any verdict but ALLOW needs.")]
    public double EvidenceNeeded { get; init; } = 1;

    [PolicyKey("hard.units", 1, 1000, "A DENY by reports needs so many spam units.")]
    public int HardUnits { get; init; } = 2;

    [PolicyKey("hard.share", 0, 1, "A DENY by reports needs so large a share of spam among all units.")]
    public double HardShare { get; init; } = .15;

    [PolicyKey("hard.burst", 0, 20, "A DENY by a burst of sign-ups needs so many log-odds.")]
    public double HardBurst { get; init; } = 4;

    [PolicyKey("hard.repeated", 0, 20, "A DENY by a repeated content needs so many log-odds.")]
    public double HardRepeated { get; init; } = 3;

    [PolicyKey("thresholds.challenge", .001, .999, "Probability from which the verdict is CHALLENGE.")]
    public double ChallengeFrom { get; init; } = .30;

    [PolicyKey("thresholds.throttle", .001, .999, "Probability from which the verdict is THROTTLE.")]
    public double ThrottleFrom { get; init; } = .60;

    [PolicyKey("thresholds.deny", .001, .999, "Probability from which the verdict is DENY.")]
    public double DenyFrom { get; init; } = .90;

    [PolicyKey("cap", "The hardest verdict that there is.")]
    public Verdict Cap { get; init; } = Verdict.Deny;

    [PolicyKey("weights", 0, 5, "Factor by which the log-odds of this signal are multiplied.")]
    public SignalWeights Weights { get; init; } = SignalWeights.One;

    [PolicyKey("shadow_signals", "Signals that are worked out and metered, and count nothing; in shadow they do.", IsLiveOnly = true)]
    public ImmutableSortedSet<SignalCode> ShadowSignals { get; init; } = [];

    [PolicyKey("tags", "What a tag of the address does.")]
    public ImmutableSortedDictionary<string, TagPolicy> Tags { get; init; } = ImmutableSortedDictionary.Create<string, TagPolicy>(StringComparer.Ordinal);

    [PolicyKey("failure", "What answers while the store does not.")]
    public FailurePolicy Failure { get; init; } = FailurePolicy.Default;

    /// <summary>The same with a factor of 0 for what is in shadow, but for one signal.</summary>
    public ScoringPolicy WithoutShadowed(SignalCode? except) =>
        this with { Weights = ShadowSignals.Where(code => code != except).Aggregate(Weights, static (weights, code) => weights.With(code, 0)) };
}
