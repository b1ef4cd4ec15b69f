using System.Collections.Immutable;

namespace SpamGuard.Policies;

/// <summary>How events of one kind are judged: every constant of the model, in one place. Immutable.</summary>
/// <remarks>
/// The defaults come from a causal study of 5,262 real mails and a synthetic world of 77,000 events: features from the past only, feedback
/// delayed by an hour, the last 30 % by time as test.
/// </remarks>
internal sealed record ScoringPolicy
{
    /// <summary>What the model was studied with.</summary>
    public static readonly ScoringPolicy Default = new();

    /// <summary>Whether accounts have records of their own (more than "IP addresses only", hence off).</summary>
    public bool AccountMemory { get; init; }

    /// <summary>Whether contents have records of their own (more than "IP addresses only", hence off).</summary>
    public bool ContentMemory { get; init; }

    /// <summary>Whether documentation addresses give fixed verdicts, as test cards do. Never in production.</summary>
    public bool TestAddresses { get; init; }

    /// <summary>Probability of spam before anything is known.</summary>
    public double Prior { get; init; } = .05;

    /// <summary>How many messages <see cref="Prior"/> is worth against what was seen.</summary>
    public double PriorWeight { get; init; } = 20;

    /// <summary>The prior of messages is kept from here …</summary>
    public double PriorMin { get; init; } = .01;

    /// <summary>… to here.</summary>
    public double PriorMax { get; init; } = .2;

    /// <summary>How many observations of a /8 (IPv6 /24) its parent is worth.</summary>
    public double WideWeight { get; init; } = 8;

    /// <summary>How many observations of a region its parent is worth.</summary>
    public double RegionWeight { get; init; } = 2;

    /// <summary>How many observations of a network its parent is worth.</summary>
    public double NetworkWeight { get; init; } = 1;

    /// <summary>How many observations of an address its parent is worth.</summary>
    public double AddressWeight { get; init; } = 1;

    /// <summary>How many observations of an account the prior is worth.</summary>
    public double AccountWeight { get; init; } = 1;

    /// <summary>How many observations of a content the prior is worth.</summary>
    public double ContentWeight { get; init; } = 1;

    /// <summary>Log-odds that a /8 can give or take.</summary>
    public double WideLimit { get; init; } = 1.6;

    /// <summary>Seconds that a sign-up adds to the fast bucket of its address.</summary>
    public int SignUpAddressFastCharge { get; init; } = 60;

    /// <summary>Seconds that a sign-up adds to the fast bucket of its network.</summary>
    public int SignUpNetworkFastCharge { get; init; } = 300;

    /// <summary>Seconds that a sign-up adds to the slow buckets of its address and its network.</summary>
    public int SignUpSlowCharge { get; init; } = 3600;

    /// <summary>Seconds that a message adds to the fast bucket of its account.</summary>
    public int MessageAccountFastCharge { get; init; } = 60;

    /// <summary>Seconds that a message adds to the slow buckets of its address and network: messages pay for sign-ups.</summary>
    public int MessageSlowCharge { get; init; } = -300;

    /// <summary>Log-odds at one unit of what a subject has not worked off: 1 unit is a CHALLENGE, 5.5 units a DENY.</summary>
    public double Surge { get; init; } = 2.2;

    /// <summary>Seconds in the fast bucket of an address that make one unit.</summary>
    public double AddressFastUnit { get; init; } = 60;

    /// <summary>Seconds in the fast bucket of a network that make one unit.</summary>
    public double NetworkFastUnit { get; init; } = 1200;

    /// <summary>Seconds in the fast bucket of an account that make one unit.</summary>
    public double AccountFastUnit { get; init; } = 3600;

    /// <summary>Seconds in the slow bucket of an address that make one unit.</summary>
    public double AddressSlowUnit { get; init; } = 40 * 3600;

    /// <summary>Seconds in the slow bucket of a network that make one unit.</summary>
    public double NetworkSlowUnit { get; init; } = 120 * 3600;

    /// <summary>Other senders of one content that make one unit.</summary>
    public double OthersUnit { get; init; } = 3;

    /// <summary>From how many other senders on a content counts as repeated.</summary>
    public int OthersFrom { get; init; } = 2;

    /// <summary>Log-odds that the fast bucket of an address or a network can give.</summary>
    public double FastLimit { get; init; } = 6;

    /// <summary>Log-odds that the fast bucket of an account can give.</summary>
    public double AccountFastLimit { get; init; } = 3;

    /// <summary>Log-odds that a slow bucket can give.</summary>
    public double SlowLimit { get; init; } = 3.2;

    /// <summary>Log-odds that a repeated content can give.</summary>
    public double OthersLimit { get; init; } = 4.5;

    /// <summary>Older units that double what a network may do.</summary>
    public double Usual { get; init; } = 200;

    /// <summary>Legitimate reports that double what a slow bucket may hold.</summary>
    public double Praise { get; init; } = 20;

    /// <summary>A shared subject may do so many times more.</summary>
    public double SharedAllowance { get; init; } = 4;

    /// <summary>A subject is shared from so many older units on …</summary>
    public double SharedFrom { get; init; } = 60;

    /// <summary>… with fewer spam units than this share of them.</summary>
    public double SharedRatio { get; init; } = .05;

    /// <summary>From a burst of so many log-odds on, reputations take away no more than <see cref="GoodStanding"/>.</summary>
    public double Bursting { get; init; } = 1;

    /// <summary>Log-odds that good reputations may take away during a burst.</summary>
    public double GoodStanding { get; init; } = .5;

    /// <summary>An unreported unit from before yesterday counts as so much of a legitimate report …</summary>
    public double Silence { get; init; } = .1;

    /// <summary>… up to so many.</summary>
    public double SilenceCap { get; init; } = 20;

    /// <summary>Log-odds that a regular account is given.</summary>
    public double RegularBonus { get; init; } = .7;

    /// <summary>Reports on one account behind a shared address that count nothing.</summary>
    public int Forgiven { get; init; } = 1;

    /// <summary>Log-odds above the prior that any verdict but ALLOW needs.</summary>
    public double EvidenceNeeded { get; init; } = 1;

    /// <summary>A DENY by reports needs so many spam units …</summary>
    public int HardUnits { get; init; } = 2;

    /// <summary>… and so large a share of all units.</summary>
    public double HardShare { get; init; } = .15;

    /// <summary>A DENY by a burst of sign-ups needs so many log-odds.</summary>
    public double HardBurst { get; init; } = 4;

    /// <summary>A DENY by a repeated content needs so many log-odds.</summary>
    public double HardRepeated { get; init; } = 3;

    /// <summary>Probability from which the verdict is CHALLENGE.</summary>
    public double ChallengeFrom { get; init; } = .30;

    /// <summary>Probability from which the verdict is THROTTLE.</summary>
    public double ThrottleFrom { get; init; } = .60;

    /// <summary>Probability from which the verdict is DENY.</summary>
    public double DenyFrom { get; init; } = .90;

    /// <summary>The hardest verdict there is.</summary>
    public Verdict Cap { get; init; } = Verdict.Deny;

    /// <summary>Factors of the signals.</summary>
    public SignalWeights Weights { get; init; } = SignalWeights.One;

    /// <summary>Signals that are worked out and metered, and count nothing.</summary>
    public ImmutableSortedSet<SignalCode> ShadowSignals { get; init; } = [];

    /// <summary>What tags of the address do, by tag.</summary>
    public ImmutableSortedDictionary<string, TagPolicy> Tags { get; init; } = ImmutableSortedDictionary.Create<string, TagPolicy>(StringComparer.Ordinal);

    /// <summary>What answers while the store does not.</summary>
    public FailurePolicy Failure { get; init; } = FailurePolicy.Default;

    /// <summary>The same with a factor of 0 for what is in shadow, but for one signal.</summary>
    public ScoringPolicy WithoutShadowed(SignalCode? except) =>
        this with { Weights = ShadowSignals.Where(code => code != except).Aggregate(Weights, static (weights, code) => weights.With(code, 0)) };
}
