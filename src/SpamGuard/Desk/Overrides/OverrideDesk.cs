using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Desk.Ledger;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Overrides;

/// <summary>Sets, clears and lists overrides. Each act is in the ledger before it is done.</summary>
/// <param name="store">The desk's own store.</param>
/// <param name="ledger">Enters what is done.</param>
/// <param name="book">What the ledger knows.</param>
/// <param name="clock">The store's time.</param>
/// <param name="options">How many replicas must have done what was done.</param>
/// <param name="logger">Is told of each.</param>
internal sealed partial class OverrideDesk(
    IOverrideStore store, DeskLedger ledger, OverrideBook book, StoreClock clock, IOptions<DeskOptions> options, ILogger<OverrideDesk> logger)
    : IDisposable
{
    // One at a time: what is replaced is looked up before, and what is listed is of one moment.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Sets an override; what was said of its subject before is replaced.</summary>
    /// <param name="subject">Whom it is about.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="reason">Why; without an address.</param>
    /// <param name="expireTime">Unix second at which it ends: no later than the subject's latest.</param>
    /// <param name="by">Who sets it.</param>
    /// <param name="cancellationToken">Stops it before it is begun.</param>
    /// <exception cref="OverrideException">There are too many; or it is set, and not confirmed.</exception>
    /// <exception cref="StoreException">The store did not answer: it may be set or not.</exception>
    /// <exception cref="LedgerException">It is not begun; or it may be set.</exception>
    public async Task<SetOverride> SetAsync(
        OverrideSubject subject, Verdict verdict, string reason, long expireTime, LedgerActor by, CancellationToken cancellationToken)
    {
        var done = await InTurnAsync(
            async () =>
            {
                var (listed, said) = await HeldAsync(cancellationToken);
                List<OverrideId> replaced = [.. said.Where(subject.IsOf).Select(static one => one.Id)];
                var now = clock.Now;
                if (listed.Count(entry => entry.ExpireTime > now && !replaced.Contains(entry.Id)) >= OverrideIds.Most)
                {
                    throw new OverrideException(OverrideFailure.TooMany);
                }

                var made = new OperatorOverride(OverrideId.New(subject.Key.Kind.Class()), subject.Key, verdict, now, expireTime);
                return await ledger.ActAsync(
                    LedgerAct.OverrideSet,
                    by,
                    OverrideBook.Setting(made, subject, reason, replaced),
                    async _ =>
                    {
                        var replicas = await store.SetAsync(made, replaced, options.Value.Replicas, CancellationToken.None)
                            ?? throw new OverrideException(OverrideFailure.TooMany);
                        return new Acted<SetOverride>(new SetOverride(made, replaced, replicas), OverrideBook.WasSet(replicas, Confirmed(replicas)));
                    });
            },
            cancellationToken);
        Log.Set(logger, by.Caller, done.Said.Id, done.Said.Verdict, done.Said.ExpireTime);
        return Confirmed(done.Replicas) ? done : throw new OverrideException(OverrideFailure.Unconfirmed);
    }

    /// <summary>Clears an override.</summary>
    /// <returns>How many replicas have done the same; 0 where none were asked.</returns>
    /// <exception cref="OverrideException">There is none of that name; or it is cleared, and not confirmed.</exception>
    /// <exception cref="StoreException">The store did not answer: it may be cleared or not.</exception>
    /// <exception cref="LedgerException">It is not begun; or it may be cleared.</exception>
    public async Task<int> ClearAsync(OverrideId id, LedgerActor by, CancellationToken cancellationToken)
    {
        var replicas = await InTurnAsync(
            async () => book.MayBeInForce(id, clock.Now) || (await store.ListAsync(cancellationToken)).Any(entry => entry.Id == id && entry.ExpireTime > clock.Now)
                ? await ledger.ActAsync(
                    LedgerAct.OverrideClear,
                    by,
                    OverrideBook.Clearing(id),
                    async _ =>
                    {
                        var acknowledged = await store.ClearAsync(id, options.Value.Replicas, CancellationToken.None);
                        return new Acted<int>(acknowledged, OverrideBook.WasCleared(acknowledged, Confirmed(acknowledged)));
                    })
                : throw new OverrideException(OverrideFailure.Unknown),
            cancellationToken);
        Log.Cleared(logger, by.Caller, id);
        return Confirmed(replicas) ? replicas : throw new OverrideException(OverrideFailure.Unconfirmed);
    }

    /// <summary>Lists overrides as ledger and store know them, the latest first.</summary>
    /// <exception cref="StoreException">The store did not answer.</exception>
    public Task<IReadOnlyList<OverrideRecord>> ListAsync(CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<OverrideRecord>>(
        async () =>
        {
            var now = clock.Now;
            var (_, said) = await HeldAsync(cancellationToken);
            var held = said.Where(one => one.IsInForce(now)).ToDictionary(static one => one.Id);
            var known = book.At(now);
            return
            [
                .. known.Select(record => Standing(record, isHeld: held.Remove(record.Id))).OfType<OverrideRecord>()
                    .ToList() // before what is left is looked at
                    .Concat(held.Values.Select(Unaccounted))
                    .OrderByDescending(static record => record.SetTime),
            ];
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Whether it is in force the store says, and whether it should be the ledger. null where it is not, and rightly so.
    private static OverrideRecord? Standing(OverrideRecord record, bool isHeld) => (record.State, isHeld) switch
    {
        (OverrideState.Unaccounted, false) => null,
        (OverrideState.InForce, false) => record with { State = OverrideState.Lost },
        (OverrideState.Uncertain, true) => record with { State = OverrideState.InForce }, // it decides, whatever became of the act
        _ => record,
    };

    private static OverrideRecord Unaccounted(OperatorOverride said) => new(
        said.Id, said.Subject.Kind, said.Verdict, Reason: string.Empty, Operator: string.Empty, Identity: string.Empty,
        DateTimeOffset.FromUnixTimeSeconds(said.SetTime), said.ExpireTime, OverrideNaming.None, OverrideState.Unaccounted);

    private async ValueTask<(IReadOnlyList<(OverrideId Id, long ExpireTime)> Listed, IReadOnlyList<OperatorOverride> Said)> HeldAsync(CancellationToken cancellationToken)
    {
        var listed = await store.ListAsync(cancellationToken);
        return listed.Count == 0
            ? (listed, [])
            : (listed, [.. (await store.ReadAsync([.. listed.Select(static entry => entry.Id)], cancellationToken)).OfType<OperatorOverride>()]);
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool Confirmed(int replicas) => replicas >= options.Value.Replicas;

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.OverrideSet,
            LogLevel.Information,
            "{Caller} set override {Id}: {Verdict} until {ExpireTime} (unix seconds).",
            EventName = nameof(EventIds.OverrideSet))]
        public static partial void Set(ILogger logger, string caller, OverrideId id, Verdict verdict, long expireTime);

        [LoggerMessage(EventIds.OverrideCleared, LogLevel.Information, "{Caller} cleared override {Id}.", EventName = nameof(EventIds.OverrideCleared))]
        public static partial void Cleared(ILogger logger, string caller, OverrideId id);
    }
}

/// <summary>An override that was set.</summary>
/// <param name="Said">The override.</param>
/// <param name="Replaced">Those that it stands in for.</param>
/// <param name="Replicas">How many replicas have it; 0 where none were asked.</param>
internal sealed record SetOverride(OperatorOverride Said, IReadOnlyList<OverrideId> Replaced, int Replicas);
