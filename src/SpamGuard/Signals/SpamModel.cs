using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Signals;

/// <summary>The model: a pure function from what is known to log-odds of spam and a verdict.</summary>
/// <remarks>
/// Reputation is a chain of shrunken rates, from the /8 down to the address, each drawn towards its parent and each without its child's share;
/// rate is a leaky bucket per subject. It needs no training. The constants are <see cref="ScoringPolicy"/>'s.
/// </remarks>
internal static class SpamModel
{
    private const double RateMin = .001;
    private const double RateMax = .999;

    /// <summary>Judges an event by what was known before it.</summary>
    public static Evidence Judge(in Situation situation, ScoringPolicy policy)
    {
        var views = new Views(situation);
        var prior = Prior(situation, policy);
        var found = new Evidence();
        ref var values = ref found.Values;
        values[(int)SignalCode.Prior] = Logit(prior);
        var shared = views.Address.IsShared(policy);
        if (!shared)
        {
            Reputations(situation.Wide, prior, views, policy, ref values); // behind a shared address, the address says nothing
        }

        if (views.HasAccount)
        {
            values[(int)SignalCode.AccountReputation] =
                AccountReputation(views.Account, shared, prior, policy) * policy.Weights[SignalCode.AccountReputation];
        }

        Rates(situation.Kind, views, policy, ref values);
        if (views.HasContent)
        {
            Content(views.Content, prior, policy, ref values);
        }

        found.Tags = Tags(situation.Tags, policy);
        found.LogOdds = Sum(found);
        found.Verdict = Capped(Verdict(found, views, policy), situation.Tags, policy);
        return found;
    }

    /// <summary>
    /// The log-odds at another second of the day that <paramref name="found"/> was found on: within a day nothing moves but the buckets, so
    /// no reputation is worked out again.
    /// </summary>
    public static double LogOddsOnTheSameDay(in Evidence found, in Situation situation, ScoringPolicy policy)
    {
        var then = found;
        Rates(situation.Kind, new Views(situation), policy, ref then.Values);
        return Sum(then);
    }

    /// <summary>Log-odds of a probability.</summary>
    public static double Logit(double p) => Math.Log(p / (1 - p));

    /// <summary>Probability of log-odds.</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Prior(in Situation situation, ScoringPolicy policy)
    {
        if (situation.Kind == EventKind.SignUp)
        {
            return policy.Prior;
        }

        var all = situation.All;
        var ham = all.Ham + Silent(all.Older, all.Spam, all.Ham, double.PositiveInfinity, policy);
        var rate = (all.Spam + (policy.PriorWeight * policy.Prior)) / (all.Spam + ham + policy.PriorWeight);
        return Math.Min(policy.PriorMax, Math.Max(policy.PriorMin, rate));
    }

    private static void Reputations(FadingCounts wide, double prior, in Views views, ScoringPolicy policy, ref SignalValues values)
    {
        var wideRate = new Counts(wide.Spam, wide.Ham + Silent(wide.Older, wide.Spam, wide.Ham, policy.SilenceCap, policy));
        var region = Counts.Of(views.Region, policy);
        var network = Counts.Of(views.Network, policy);
        var address = Counts.Of(views.Address, policy);
        var account = new Counts(views.HasAccount ? views.Account.Spam : 0, 0); // an address leaves its account out by its spam alone

        var parent = prior;
        parent = Step(SignalCode.WideReputation, wideRate.Without(region), policy.WideWeight, policy.WideLimit, parent, policy, ref values);
        parent = Step(SignalCode.RegionReputation, region.Without(network), policy.RegionWeight, double.PositiveInfinity, parent, policy, ref values);
        parent = Step(SignalCode.NetworkReputation, network.Without(address), policy.NetworkWeight, double.PositiveInfinity, parent, policy, ref values);
        Step(SignalCode.AddressReputation, address.Without(account), policy.AddressWeight, double.PositiveInfinity, parent, policy, ref values);
    }

    private static double Step(SignalCode code, Counts counts, double weight, double limit, double parent, ScoringPolicy policy, ref SignalValues values)
    {
        var from = Logit(parent);
        var step = Math.Clamp(Logit(Rate(counts, weight, parent)) - from, -limit, limit);
        values[(int)code] = step * policy.Weights[code];
        return Sigmoid(from + step);
    }

    private static double AccountReputation(in SubjectView account, bool shared, double prior, ScoringPolicy policy)
    {
        var counts = Counts.Of(account, policy);
        if (shared)
        {
            counts = counts with { Spam = Math.Max(0, counts.Spam - policy.Forgiven) };
        }

        return Logit(Rate(counts, policy.AccountWeight, prior)) - Logit(prior) - (account.IsRegular ? policy.RegularBonus : 0);
    }

    // All that looks at the buckets.
    private static void Rates(EventKind kind, in Views views, ScoringPolicy policy, ref SignalValues values)
    {
        if (kind == EventKind.SignUp)
        {
            values[(int)SignalCode.AddressBurst] = AddressBurst(views.Address, policy) * policy.Weights[SignalCode.AddressBurst];
            values[(int)SignalCode.NetworkBurst] = NetworkBurst(views.Network, policy) * policy.Weights[SignalCode.NetworkBurst];
            values[(int)SignalCode.Standing] = Standing(values, policy) * policy.Weights[SignalCode.Standing];
        }
        else if (views.HasAccount)
        {
            values[(int)SignalCode.AccountRate] =
                Surge(views.Account.Fast / policy.AccountFastUnit, policy.AccountFastLimit, policy) * policy.Weights[SignalCode.AccountRate];
        }
    }

    // What the policy says of the address' tags; those that it does not speak of say nothing.
    private static Reason[] Tags(IReadOnlyList<string> tags, ScoringPolicy policy)
    {
        if (tags.Count == 0 || policy.Tags.IsEmpty)
        {
            return [];
        }

        var reasons = new List<Reason>(tags.Count);
        foreach (var tag in tags)
        {
            if (policy.Tags.TryGetValue(tag, out var said))
            {
                reasons.Add(new Reason(ReasonCodes.OfTag(tag), said.Weight));
            }
        }

        return [.. reasons];
    }

    private static double Sum(in Evidence found)
    {
        var sum = 0.0;
        for (var code = 0; code < ReasonCodes.SignalCount; code++)
        {
            sum += found.Values[code];
        }

        foreach (var tag in found.Tags ?? [])
        {
            sum += tag.Weight;
        }

        return sum;
    }

    private static double AddressBurst(in SubjectView address, ScoringPolicy policy)
    {
        var allowance = address.IsShared(policy) ? policy.SharedAllowance : 1;
        var fast = Surge(address.Fast / (policy.AddressFastUnit * allowance), policy.FastLimit, policy);
        var slow = Surge(address.Slow / (policy.AddressSlowUnit * (1 + (address.Ham / policy.Praise))), policy.SlowLimit, policy);
        return Math.Max(fast, slow);
    }

    // Without this address' own charge if it was met today, so that one address is not judged twice for the same sign-up.
    private static double NetworkBurst(in SubjectView network, ScoringPolicy policy)
    {
        var waitingFast = Math.Max(0, network.Fast - (network.MetToday * policy.SignUpNetworkFastCharge));
        var waitingSlow = Math.Max(0, network.Slow - (network.MetToday * policy.SignUpSlowCharge));
        var allowance = (network.IsShared(policy) ? policy.SharedAllowance : 1) * (1 + (network.Older / policy.Usual));
        var fast = Surge(waitingFast / (policy.NetworkFastUnit * allowance), policy.FastLimit, policy);
        var slow = Surge(waitingSlow / (policy.NetworkSlowUnit * (1 + (network.Ham / policy.Praise))), policy.SlowLimit, policy);
        return Math.Max(fast, slow);
    }

    // Good standing can't buy a burst.
    private static double Standing(in SignalValues values, ScoringPolicy policy)
    {
        if (Math.Max(values[(int)SignalCode.AddressBurst], values[(int)SignalCode.NetworkBurst]) < policy.Bursting)
        {
            return 0;
        }

        var good = values[(int)SignalCode.WideReputation] + values[(int)SignalCode.RegionReputation]
            + values[(int)SignalCode.NetworkReputation] + values[(int)SignalCode.AddressReputation];
        return Math.Max(0, -policy.GoodStanding - good);
    }

    private static void Content(in SubjectView content, double prior, ScoringPolicy policy, ref SignalValues values)
    {
        var rate = Rate(Counts.Of(content, policy), policy.ContentWeight, prior);
        var others = content.Today + content.Yesterday - content.MetToday;
        values[(int)SignalCode.ContentReputation] = Math.Max(0, Logit(rate) - Logit(prior)) * policy.Weights[SignalCode.ContentReputation];
        values[(int)SignalCode.ContentRepeated] = others >= policy.OthersFrom
            ? Surge(others / policy.OthersUnit, policy.OthersLimit, policy) * policy.Weights[SignalCode.ContentRepeated]
            : 0;
    }

    private static Verdict Verdict(in Evidence found, in Views views, ScoringPolicy policy)
    {
        var p = found.Probability;
        if (p < policy.ChallengeFrom || found.LogOdds - found.Values[(int)SignalCode.Prior] < policy.EvidenceNeeded)
        {
            return Policies.Verdict.Allow;
        }

        if (p < policy.ThrottleFrom)
        {
            return Policies.Verdict.Challenge;
        }

        return p >= policy.DenyFrom && IsHard(found, views, policy) ? Policies.Verdict.Deny : Policies.Verdict.Throttle;
    }

    /// <summary>A verdict no harder than the policy and the address' tags allow.</summary>
    public static Verdict Capped(Verdict verdict, IReadOnlyList<string> tags, ScoringPolicy policy)
    {
        verdict = verdict > policy.Cap ? policy.Cap : verdict;
        for (var i = 0; i < tags.Count && verdict != Policies.Verdict.Allow; i++)
        {
            if (policy.Tags.TryGetValue(tags[i], out var tag) && verdict > tag.Cap)
            {
                verdict = tag.Cap.Value;
            }
        }

        return verdict;
    }

    private static bool IsHard(in Evidence found, in Views views, ScoringPolicy policy)
    {
        var condemned = views.Address.IsCondemned(policy) || (views.HasAccount && views.Account.IsCondemned(policy));
        var burst = Math.Max(found.Values[(int)SignalCode.AddressBurst], found.Values[(int)SignalCode.NetworkBurst]) >= policy.HardBurst;
        return condemned
            || found.Values[(int)SignalCode.ContentRepeated] >= policy.HardRepeated
            || (burst && !views.Network.IsShared(policy));
    }

    // The subject's own rate of spam, drawn towards its parent's.
    private static double Rate(Counts counts, double weight, double parent) =>
        Math.Min(RateMax, Math.Max(RateMin, (counts.Spam + (weight * parent)) / (counts.Spam + counts.Ham + weight)));

    // Log-odds for doing more than one can work off.
    private static double Surge(double units, double limit, ScoringPolicy policy) => Math.Min(limit, policy.Surge * Math.Sqrt(units));

    // Units that nobody reported count a little as legitimate.
    private static double Silent(double older, double spam, double ham, double cap, ScoringPolicy policy) =>
        Math.Min(cap, policy.Silence * Math.Max(0, older - spam - ham));

    private readonly record struct Counts(double Spam, double Ham)
    {
        public static Counts Of(in SubjectView view, ScoringPolicy policy) =>
            new(view.Spam, view.Ham + Silent(view.Older, view.Spam, view.Ham, policy.SilenceCap, policy));

        // Leave one out: at most one unit, as the child itself counts it.
        public Counts Without(Counts child) =>
            new(Spam - Math.Min(Math.Min(Spam, 1), child.Spam), Ham - Math.Min(Math.Min(Ham, 1), child.Ham));
    }

    private readonly ref struct Views
    {
        public readonly SubjectView Address;
        public readonly SubjectView Network;
        public readonly SubjectView Region;
        public readonly SubjectView Account;
        public readonly SubjectView Content;
        public readonly bool HasAccount;
        public readonly bool HasContent;

        public Views(in Situation situation)
        {
            Address = new SubjectView(situation.Subjects[(int)SubjectKind.Address], situation.Now);
            Network = new SubjectView(situation.Subjects[(int)SubjectKind.Network], situation.Now);
            Region = new SubjectView(situation.Subjects[(int)SubjectKind.Region], situation.Now);
            HasAccount = situation.Subjects[(int)SubjectKind.Account].Present;
            HasContent = situation.Subjects[(int)SubjectKind.Content].Present;
            Account = HasAccount ? new SubjectView(situation.Subjects[(int)SubjectKind.Account], situation.Now) : default;
            Content = HasContent ? new SubjectView(situation.Subjects[(int)SubjectKind.Content], situation.Now) : default;
        }
    }
}
