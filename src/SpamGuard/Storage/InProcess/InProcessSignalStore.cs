using System.Runtime.CompilerServices;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Storage.InProcess;

/// <summary>The store's contract in this process's memory: for replays, outages and tests, with the same records and the same bytes as Redis.</summary>
/// <param name="clock">The store's clock: a virtual one in replays and tests.</param>
/// <param name="lives">How long records may be kept; <c>null</c> for as long as Redis keeps them.</param>
/// <param name="capacity">How many records there may be, and a quarter as many answered requests; <c>null</c> for any number.</param>
internal sealed class InProcessSignalStore(TimeProvider clock, RetentionLives? lives = null, int? capacity = null) : ISignalStore
{
    private const int RecordStep = 3600;
    private const int ReplayStep = 10;

    private readonly Lock _gate = new();
    private readonly RetentionLives _lives = lives ?? RetentionLives.OfService;
    private readonly ExpiringTable<SubjectKey, SignalRecord> _records = new(RecordStep, capacity);
    private readonly ExpiringTable<(SubjectToken Address, SubjectToken Request), Answered> _answered = new(ReplayStep, capacity / 4);
    private readonly ExpiringTable<SubjectToken, ReportList> _reports = new(RecordStep, capacity / 4);
    private readonly ExpiringTable<EpochId, EpochRecord> _epochs = new(RecordStep);
    private readonly ExpiringTable<WidePrefix, FadingCounts> _aggregates = new(RecordStep);

    /// <summary>How many records are held, those included that are past their deadline and not yet freed.</summary>
    public int RecordCount
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = BeginWrite();
            foreach (var observed in events)
            {
                CheckDeadlines(observed.Items, now);
            }

            var replies = new EventReply[events.Count];
            for (var i = 0; i < replies.Length; i++)
            {
                replies[i] = Observe(events[i], now);
            }

            return new ValueTask<EventReply[]>(replies);
        }
    }

    /// <inheritdoc/>
    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = BeginWrite();
            foreach (var report in reports)
            {
                CheckDeadlines(report.Items, now);
                if (report.Once is { } once)
                {
                    CheckDeadline(once.Deadline, _lives.CapSeconds(RetentionClass.Address), now);
                }
            }

            var replies = new EventReply[reports.Count];
            for (var i = 0; i < replies.Length; i++)
            {
                replies[i] = Report(reports[i], now);
            }

            return new ValueTask<EventReply[]>(replies);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = Now();
            var records = new SignalRecord[subjects.Count];
            for (var i = 0; i < records.Length; i++)
            {
                records[i] = Record(subjects[i], now);
            }

            return new ValueTask<SignalRecord[]>(records);
        }
    }

    /// <inheritdoc/>
    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = BeginWrite();
            _epochs.TryGet(epoch, now, out var held);
            if (candidate is not null && (held is null || held.Generation < candidate.Generation))
            {
                CheckDeadline(deadline, _lives.CapSeconds(epoch.Class) + Keys.SaltGraceSeconds, now);
                held = candidate.Copy();
                _epochs.Set(epoch, held, deadline);
            }

            return new ValueTask<EpochRecord?>(held?.Copy());
        }
    }

    /// <inheritdoc/>
    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = BeginWrite();
            var totals = new FadingCounts[additions.Count];
            for (var i = 0; i < totals.Length; i++)
            {
                totals[i] = Add(additions[i], now);
            }

            return new ValueTask<FadingCounts[]>(totals);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => new(Now());

    private EventReply Observe(ObservedEvent observed, long now)
    {
        if (observed.Replay is { } guard && _answered.TryGet((guard.Address, guard.Request), now, out var answered))
        {
            return answered.Fingerprint == guard.Fingerprint
                ? answered.Reply with { Status = ReplyStatus.Replayed, Context = answered.Context }
                : new EventReply(ReplyStatus.OtherEvent, now / 1000, default, default);
        }

        var reply = new EventReply(ReplyStatus.Counted, now / 1000, Update(observed.Items, spam: null, now), default);
        if (observed.Replay is { } fresh)
        {
            _answered.Set((fresh.Address, fresh.Request), new Answered(fresh.Fingerprint, reply, fresh.Context), (now / 1000) + ReplayGuard.Seconds);
        }

        return reply;
    }

    private EventReply Report(ReportedEvent report, long now)
    {
        ReportList reports = default;
        if (report.Once is { } once && _reports.TryGet(once.Address, now, out reports) && reports.Holds(once.Id, report.Spam))
        {
            return new EventReply(ReplyStatus.Duplicate, now / 1000, default, default);
        }

        if (!report.Items[0].MayCreate && !Record(report.Items[0].Current, now).Exists)
        {
            return new EventReply(ReplyStatus.Gone, now / 1000, default, default);
        }

        if (report.Once is { } first)
        {
            reports = reports.With(first.Id, report.Spam, first.Deadline);
            _reports.Set(first.Address, reports, reports.Deadline);
        }

        return new EventReply(ReplyStatus.Counted, now / 1000, Update(report.Items, report.Spam, now), default);
    }

    private RecordPair[] Update(SubjectItem[] items, bool? spam, long now)
    {
        var before = new RecordPair[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            ref readonly var item = ref items[i];
            var previous = item.Previous.IsNone ? default : Record(item.Previous, now);
            ref var held = ref _records.Find(item.Current, now, item.Deadline);
            if (!Unsafe.IsNullRef(ref held))
            {
                before[i] = new RecordPair(held, previous);
                Count(ref held, item, spam, now);
                continue;
            }

            var record = Record(item.Current, now);
            before[i] = new RecordPair(record, previous);
            if ((record.Exists || item.MayCreate) && Count(ref record, item, spam, now) > 0)
            {
                _records.Set(item.Current, record, item.Deadline);
            }
        }

        return before;
    }

    private static int Count(ref SignalRecord record, in SubjectItem item, bool? spam, long now) => spam is { } label
        ? record.CountReport(now / 1000, item.Member, label)
        : record.CountEvent(now / 1000, item.Member, item.FastCharge, item.SlowCharge);

    private FadingCounts Add(AggregateAddition addition, long now)
    {
        var key = addition.Prefix ?? default;
        _aggregates.TryGet(key, now, out var totals);
        totals.Roll(now / 1000);
        totals.Spam += addition.Spam;
        totals.Ham += addition.Ham;
        totals.Today += addition.Events;
        if (!addition.IsEmpty)
        {
            _aggregates.Set(key, totals, (now / 1000) + RetentionClass.Aggregate.CapSeconds);
        }

        return totals;
    }

    private SignalRecord Record(SubjectKey subject, long now) => _records.TryGet(subject, now, out var record) ? record : default;

    private long BeginWrite()
    {
        var now = Now();
        _records.Free(now);
        _answered.Free(now);
        _reports.Free(now);
        _epochs.Free(now);
        _aggregates.Free(now);
        return now;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void CheckDeadlines(SubjectItem[] items, long now)
    {
        foreach (ref readonly var item in items.AsSpan())
        {
            CheckDeadline(item.Deadline, _lives.CapSeconds(item.Current.Kind.Class()), now);
        }
    }

    private static void CheckDeadline(long deadline, long cap, long now)
    {
        var left = (deadline * 1000) - now;
        if (left <= 0 || left > cap * 1000)
        {
            throw new StoreException(StoreFailure.Refused, "A deadline is past, or further away than its kind of key may be kept.");
        }
    }

    private readonly record struct Answered(ulong Fingerprint, EventReply Reply, ReadOnlyMemory<byte> Context);
}
