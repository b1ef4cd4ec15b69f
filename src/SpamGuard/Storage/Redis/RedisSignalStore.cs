using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>The store in Redis, or anything that speaks like it. One script call per slot, all slots at once; outside a cluster there is one.</summary>
/// <remarks>No budget and no breaker: <see cref="ResilientSignalStore"/> adds them. What the driver throws never leaves this class.</remarks>
/// <param name="connection">Where it is.</param>
/// <param name="scripts">What it runs.</param>
/// <param name="memory">Says which records may be made; <c>null</c> for all.</param>
internal sealed class RedisSignalStore(RedisConnection connection, Scripts scripts, StoreMemory? memory = null) : ISignalStore
{
    /// <summary>How many events or reports one call may hold: Lua can't spread many more keys over one command.</summary>
    public const int MaxEvents = 500;

    /// <summary>How many aggregates one call may hold: a few milliseconds of the store's time.</summary>
    public const int MaxAggregates = 200;

    private const int NumbersPerAggregate = 6;
    private const int MaxIdlePlans = 256;
    private const int MaxIdleBatchPlans = 8; // a third of a megabyte each, at the largest

    private readonly ConcurrentQueue<SlotPlan> _plans = new();
    private readonly ConcurrentQueue<SlotPlan> _batchPlans = new();

    /// <inheritdoc/>
    public async ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, MaxEvents, nameof(events));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var plan = Rent(events);
            for (var i = 0; i < events.Count; i++)
            {
                plan.Add(i, events[i]);
            }

            var replies = new ReplyReader(events.Count);
            if (plan.IsOneCall)
            {
                // The way of nearly every event: no further asynchronous method, and arrays that serve again.
                var only = plan.Groups[0];
                var (keys, arguments) = only.Finish();
                RedisResult result;
                try
                {
                    result = await connection.Database.ScriptEvaluateAsync(scripts.Observe.Hash, keys, arguments);
                }
                catch (RedisServerException e) when (StoreFailures.IsUnknownScript(e))
                {
                    result = await IntroduceAsync(scripts.Observe, keys, arguments);
                }

                replies.Add(result, only.Places);
                Return(events, plan);
            }
            else
            {
                await SendAsync(scripts.Observe, plan, replies);
            }

            return replies.Finish();
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reports.Count, MaxEvents, nameof(reports));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var replies = new ReplyReader(reports.Count);
            var decided = new SlotPlan(connection, reports.Count, reports.Count > 0 ? reports[0].Items.Length : 0, memory);
            for (var i = 0; i < reports.Count; i++)
            {
                decided.Add(i, reports[i], decided: null);
            }

            await SendAsync(scripts.Report, decided, replies);
            if (decided.IsPartial)
            {
                // In a cluster the slot of the address decides whether a report counts, and the others hear of it only then. They hear of a
                // duplicate too where a member's bit keeps it from counting twice (unless its bitmap is full: then by a unit): its first round may have
                // been answered, and its second lost.
                var others = new SlotPlan(connection, reports.Count, reports[0].Items.Length, memory);
                for (var i = 0; i < reports.Count; i++)
                {
                    others.Add(i, reports[i], replies.IsCounted(i) || (replies.IsDuplicate(i) && HasMembers(reports[i])));
                }

                await SendAsync(scripts.Report, others, replies);
            }

            return replies.Finish();
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var records = new SignalRecord[subjects.Count];
            if (connection.IsCluster)
            {
                var reads = new Task<RedisValue>[subjects.Count];
                for (var i = 0; i < reads.Length; i++)
                {
                    reads[i] = subjects[i].IsNone ? Task.FromResult(RedisValue.Null) : connection.Database.StringGetAsync(Keys.Subject(subjects[i]));
                }

                var values = await Task.WhenAll(reads);
                for (var i = 0; i < records.Length; i++)
                {
                    records[i] = Record(values[i]);
                }
            }
            else
            {
                var keys = new List<RedisKey>(subjects.Count);
                foreach (var subject in subjects)
                {
                    if (!subject.IsNone)
                    {
                        keys.Add(Keys.Subject(subject));
                    }
                }

                var values = keys.Count == 0 ? [] : await connection.Database.StringGetAsync([.. keys]);
                for (int i = 0, next = 0; i < records.Length; i++)
                {
                    records[i] = subjects[i].IsNone ? default : Record(values[next++]);
                }
            }

            return records;
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var packed = candidate?.Pack() ?? [];
        try
        {
            var result = await EvaluateAsync(scripts.Epoch, [Keys.Epoch(epoch)], [packed, deadline]);
            var held = (byte[]?)result;
            var record = held is null ? null : EpochRecord.Read(held);
            CryptographicOperations.ZeroMemory(held);
            CryptographicOperations.ZeroMemory(packed); // never after a failure: the driver may still be about to send it
            return record;
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var totals = new FadingCounts[additions.Count];
            var calls = new List<(Task<RedisResult> Call, List<int> Places)>();
            foreach (var places in Calls(additions))
            {
                calls.Add((AddAsync(additions, places), places));
            }

            await Task.WhenAll(calls.ConvertAll(static call => call.Call));
            foreach (var (call, places) in calls)
            {
                var texts = (byte[][]?)await call;
                for (var i = 0; i < places.Count; i++)
                {
                    totals[places[i]] = Totals(texts?[i]);
                }
            }

            return totals;
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> TimeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var result = await connection.Database.ExecuteAsync("TIME");
            return ((long)result[0] * 1000) + ((long)result[1] / 1000);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    // A member that a bitmap holds already counts nothing; an item without one would count again.
    private static bool HasMembers(ReportedEvent report)
    {
        for (var i = 1; i < report.Items.Length; i++)
        {
            if (report.Items[i].Member == SignalRecord.Nobody)
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask SendAsync(Script script, SlotPlan plan, ReplyReader replies)
    {
        var calls = plan.Groups.ConvertAll(group =>
        {
            var (keys, arguments) = group.Finish();
            return EvaluateAsync(script, keys, arguments);
        });
        var reads = plan.Apart.ConvertAll(apart => connection.Database.StringGetAsync(Keys.Subject(apart.Subject)));
        await Task.WhenAll([.. calls, .. reads]);
        for (var i = 0; i < calls.Count; i++)
        {
            replies.Add(await calls[i], plan.Groups[i].Places);
        }

        for (var i = 0; i < reads.Count; i++)
        {
            replies.AddPrevious(plan.Apart[i].Place, (byte[]?)await reads[i]);
        }
    }

    private async Task<RedisResult> EvaluateAsync(Script script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await connection.Database.ScriptEvaluateAsync(script.Hash, keys, arguments);
        }
        catch (RedisServerException e) when (StoreFailures.IsUnknownScript(e))
        {
            return await IntroduceAsync(script, keys, arguments);
        }
    }

    // The server is new, or a replica that took over. EVAL leaves the script there for the next call.
    private Task<RedisResult> IntroduceAsync(Script script, RedisKey[] keys, RedisValue[] arguments)
    {
        var all = new object[2 + keys.Length + arguments.Length];
        all[0] = script.Text;
        all[1] = keys.Length;
        for (var i = 0; i < keys.Length; i++)
        {
            all[2 + i] = keys[i];
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            all[2 + keys.Length + i] = arguments[i];
        }

        return connection.Database.ExecuteAsync("EVAL", all);
    }

    // Outside a cluster a plan for one event fits the next, and one for a batch the next batch. In a cluster its groups belong to slots.
    private SlotPlan Rent(IReadOnlyList<ObservedEvent> events) =>
        !connection.IsCluster && (events.Count == 1 ? _plans : _batchPlans).TryDequeue(out var plan)
            ? plan
            : new SlotPlan(connection, events.Count, events.Count > 0 ? events[0].Items.Length : 0, memory);

    // Never after a failure: the driver may still hold the arrays of a command that it has not written yet.
    private void Return(IReadOnlyList<ObservedEvent> events, SlotPlan plan)
    {
        var (plans, most) = events.Count == 1 ? (_plans, MaxIdlePlans) : (_batchPlans, MaxIdleBatchPlans);
        if (!connection.IsCluster && plans.Count < most)
        {
            plan.Clear();
            plans.Enqueue(plan);
        }
    }

    // The places of the additions of each call: of one slot, and not so many that the store is held up.
    private List<List<int>> Calls(IReadOnlyList<AggregateAddition> additions)
    {
        var calls = new List<List<int>>();
        var slots = new Dictionary<int, List<int>>();
        for (var i = 0; i < additions.Count; i++)
        {
            var slot = connection.Slot(Keys.Aggregate(additions[i].Prefix));
            if (!slots.TryGetValue(slot, out var places) || places.Count == MaxAggregates)
            {
                slots[slot] = places = [];
                calls.Add(places);
            }

            places.Add(i);
        }

        return calls;
    }

    private Task<RedisResult> AddAsync(IReadOnlyList<AggregateAddition> additions, List<int> places)
    {
        var keys = new RedisKey[places.Count];
        var arguments = new RedisValue[3 * places.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var addition = additions[places[i]];
            keys[i] = Keys.Aggregate(addition.Prefix);
            arguments[3 * i] = Text(addition.Spam);
            arguments[(3 * i) + 1] = Text(addition.Ham);
            arguments[(3 * i) + 2] = Text(addition.Events);
        }

        return EvaluateAsync(scripts.Add, keys, arguments);
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static FadingCounts Totals(byte[]? text)
    {
        Span<double> numbers = stackalloc double[NumbersPerAggregate];
        ReadOnlySpan<byte> rest = text;
        foreach (ref var number in numbers)
        {
            if (!Utf8Parser.TryParse(rest, out number, out var length) || !double.IsFinite(number))
            {
                throw new StoreException(StoreFailure.Malformed, "An aggregate in the store is not of the expected form.");
            }

            rest = rest[Math.Min(length + 1, rest.Length)..];
        }

        return new FadingCounts
        {
            Day = (long)numbers[0],
            Spam = numbers[1],
            Ham = numbers[2],
            Older = numbers[3],
            Yesterday = numbers[4],
            Today = numbers[5],
        };
    }

    private static SignalRecord Record(RedisValue value) => SignalRecord.Read((byte[]?)value);
}
