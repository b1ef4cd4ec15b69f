using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>What is left of an event once it is hashed: its subjects in both live epochs, and what it costs each of them. No address.</summary>
internal sealed class EventFootprint
{
    /// <summary>Puts together what was hashed before.</summary>
    public EventFootprint(EventKind kind, WidePrefix wide, bool hasAccount, IReadOnlyList<string> tags, SubjectItem[] subjects)
    {
        Kind = kind;
        Wide = wide;
        HasAccount = hasAccount;
        Tags = tags;
        Subjects = subjects;
    }

    /// <summary>What the event is.</summary>
    public EventKind Kind { get; }

    /// <summary>Its /8 or IPv6 /24.</summary>
    public WidePrefix Wide { get; }

    /// <summary>Whether the caller named an account.</summary>
    public bool HasAccount { get; }

    /// <summary>The tags of its address, by name.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Its subjects in the order of their kinds, the address first: the items of the store's call that counts it.</summary>
    public SubjectItem[] Subjects { get; }

    /// <summary>The token of its address in the current epoch.</summary>
    public SubjectToken Address => Subjects[0].Current.Token;

    /// <summary>Unix second at which the address' record is gone.</summary>
    public long ExpireTime => Subjects[0].Deadline;

    /// <summary>Hashes an event.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="account">Digest of its account; empty for none.</param>
    /// <param name="content">Digest of its content; empty for none.</param>
    /// <param name="tags">The tags of its address.</param>
    /// <param name="epochs">The epochs that count.</param>
    /// <param name="policy">Says which subjects have records, and what the event costs them.</param>
    public static EventFootprint Of(
        EventKind kind,
        ClientAddress address,
        ReadOnlyMemory<byte> account,
        ReadOnlyMemory<byte> content,
        IReadOnlyList<string> tags,
        LiveEpochs epochs,
        ScoringPolicy policy)
    {
        var hasAccount = !account.IsEmpty;
        var withAccount = policy.AccountMemory && hasAccount;
        var withContent = policy.ContentMemory && !content.IsEmpty && kind == EventKind.Message;
        var subjects = new SubjectItem[3 + (withAccount ? 1 : 0) + (withContent ? 1 : 0)];

        var person = hasAccount ? Members(epochs, RetentionClass.Address, account) : default;
        var place = Members(epochs, RetentionClass.Network, address);
        subjects[0] = Subject(SubjectKind.Address, kind, address, person, epochs, policy);
        subjects[1] = Subject(SubjectKind.Network, kind, address, place, epochs, policy);
        subjects[2] = Subject(SubjectKind.Region, kind, address, place, epochs, policy);
        if (withAccount)
        {
            subjects[3] = Subject(SubjectKind.Account, kind, account.Span, default, epochs, policy);
        }

        if (withContent)
        {
            var sender = hasAccount ? person : Members(epochs, RetentionClass.Address, address);
            subjects[^1] = Subject(SubjectKind.Content, kind, content.Span, sender, epochs, policy);
        }

        return new EventFootprint(kind, address.Wide, hasAccount, tags, subjects);
    }

    /// <summary>The same, with what the event costs each subject under a policy: a sealed footprint does not hold that.</summary>
    public EventFootprint Priced(ScoringPolicy policy)
    {
        var priced = new SubjectItem[Subjects.Length];
        for (var i = 0; i < priced.Length; i++)
        {
            var (fast, slow) = Charges(Subjects[i].Current.Kind, Kind, policy);
            priced[i] = Subjects[i] with { FastCharge = fast, SlowCharge = slow };
        }

        return new EventFootprint(Kind, Wide, HasAccount, Tags, priced);
    }

    /// <summary>The same with other tags.</summary>
    public EventFootprint Tagged(IReadOnlyList<string> tags) => new(Kind, Wide, HasAccount, tags, Subjects);

    /// <summary>The keys of all records that a preview reads: the current ones, then the previous ones of subjects that have one.</summary>
    public List<SubjectKey> Keys()
    {
        var keys = new List<SubjectKey>(2 * Subjects.Length);
        foreach (ref readonly var subject in Subjects.AsSpan())
        {
            keys.Add(subject.Current);
        }

        foreach (ref readonly var subject in Subjects.AsSpan())
        {
            if (!subject.Previous.IsNone)
            {
                keys.Add(subject.Previous);
            }
        }

        return keys;
    }

    /// <summary>Puts what was read by <see cref="Keys"/> in pairs, one per subject.</summary>
    public RecordPair[] Pair(SignalRecord[] records)
    {
        var pairs = new RecordPair[Subjects.Length];
        var next = pairs.Length;
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new RecordPair(records[i], Subjects[i].Previous.IsNone ? default : records[next++]);
        }

        return pairs;
    }

    /// <summary>The pairs of <see cref="Pair"/> as if this event had not been counted in them, for it can't be evidence against itself.</summary>
    /// <remarks>
    /// Taken back is what is certain: one unit of the buckets where every event counts one. A bucket that ran empty since the event held nothing of it
    /// any more; what came later is then too small by as much as that unit.
    /// </remarks>
    public RecordPair[] WithoutThis(RecordPair[] pairs)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            var (subject, record) = (Subjects[i], pairs[i].Current);
            if (record.Exists && subject.Member == SignalRecord.Nobody)
            {
                record.Fast -= Math.Min(record.Fast, (uint)subject.FastCharge);
                record.Slow -= Math.Min(record.Slow, (uint)Math.Max(0, subject.SlowCharge));
                pairs[i] = pairs[i] with { Current = record };
            }
        }

        return pairs;
    }

    /// <summary>What the model looks at, with the records as the store answered them.</summary>
    /// <param name="now">Unix seconds of the store's clock.</param>
    /// <param name="records">One pair per subject; fewer leave the rest unknown.</param>
    /// <param name="wide">Counts of the event's /8 or IPv6 /24.</param>
    /// <param name="all">Counts over all messages.</param>
    public Situation Situate(long now, RecordPairs records, FadingCounts wide, FadingCounts all)
    {
        wide.Roll(now);
        all.Roll(now);
        var situation = new Situation { Kind = Kind, Now = now, Wide = wide, All = all, Tags = Tags };
        for (var i = 0; i < Subjects.Length; i++)
        {
            ref readonly var subject = ref Subjects[i];
            ref var state = ref situation.Subjects[(int)subject.Current.Kind];
            state.Present = true;
            state.Member = subject.Member;
            state.PreviousMember = subject.PreviousMember;
            state.FastCharge = subject.FastCharge;
            state.SlowCharge = subject.SlowCharge;
            if (i < records.Count)
            {
                (state.Current, state.Previous) = records[i];
            }
        }

        return situation;
    }

    /// <summary>Seconds that one unit of an event adds to the fast and the slow bucket of a subject.</summary>
    public static (int Fast, int Slow) Charges(SubjectKind subject, EventKind kind, ScoringPolicy policy) => (subject, kind) switch
    {
        (SubjectKind.Address, EventKind.SignUp) => (policy.SignUpAddressFastCharge, policy.SignUpSlowCharge),
        (SubjectKind.Network, EventKind.SignUp) => (policy.SignUpNetworkFastCharge, policy.SignUpSlowCharge),
        (SubjectKind.Address or SubjectKind.Network, EventKind.Message) => (0, policy.MessageSlowCharge),
        (SubjectKind.Account, EventKind.Message) => (policy.MessageAccountFastCharge, 0),
        _ => (0, 0),
    };

    /// <summary>What stands for the member when an event is counted: at an address every sign-up counts, whoever it is for.</summary>
    public static uint CountedMember(SubjectKind subject, EventKind kind, uint member) =>
        subject == SubjectKind.Address && kind == EventKind.SignUp ? SignalRecord.Nobody : member;

    private static (MemberBits Current, MemberBits Previous)? Members(LiveEpochs epochs, RetentionClass retention, ClientAddress address) =>
        (epochs.Current(retention).Hasher.Members(address), epochs.Previous(retention)?.Hasher.Members(address) ?? default);

    private static (MemberBits Current, MemberBits Previous)? Members(LiveEpochs epochs, RetentionClass retention, ReadOnlyMemory<byte> person) =>
        (epochs.Current(retention).Hasher.Members(person), epochs.Previous(retention)?.Hasher.Members(person) ?? default);

    private static SubjectItem Subject(
        SubjectKind subject, EventKind kind, ClientAddress address, (MemberBits, MemberBits)? members, LiveEpochs epochs, ScoringPolicy policy)
    {
        Span<byte> prefix = stackalloc byte[10];
        return Subject(subject, kind, prefix[..address.WritePrefix(subject, prefix)], members, epochs, policy);
    }

    private static SubjectItem Subject(
        SubjectKind subject,
        EventKind kind,
        ReadOnlySpan<byte> bytes,
        (MemberBits Current, MemberBits Previous)? members,
        LiveEpochs epochs,
        ScoringPolicy policy)
    {
        var current = epochs.Current(subject.Class());
        var previous = epochs.Previous(subject.Class());
        var key = current.Hasher.Key(subject, bytes);
        var (fast, slow) = Charges(subject, kind, policy);
        var member = members?.Current.In(subject) ?? SignalRecord.Nobody;
        return new SubjectItem(
            key,
            previous?.Hasher.Key(subject, bytes) ?? default,
            epochs.Calendar.Deadline(current.Id, key.Token.Prefix),
            MayCreate: true,
            CountedMember(subject, kind, member),
            fast,
            slow)
        {
            PreviousMember = previous is null ? SignalRecord.Nobody : members?.Previous.In(subject) ?? SignalRecord.Nobody,
            ReportedMember = member,
        };
    }
}
