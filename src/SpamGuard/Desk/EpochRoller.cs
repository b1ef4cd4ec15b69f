using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>
/// The emergency roll: begins live epochs anew, under new salts and the newest pepper. A record of a higher generation takes the place of what the
/// store holds, and every process follows at its next refresh; what the salts before could tell is lost.
/// </summary>
/// <param name="store">The desk's own store.</param>
/// <param name="rolls">The same, to write.</param>
/// <param name="options">How many replicas must have a roll.</param>
/// <param name="peppers">Their newest is used.</param>
/// <param name="epochs">Knows generations that the store may have lost.</param>
/// <param name="calendar">When epochs begin and end.</param>
/// <param name="pace">How far ahead salts are made.</param>
/// <param name="ledger">Has each roll.</param>
/// <param name="logger">Is told of each roll.</param>
internal sealed partial class EpochRoller(
    [FromKeyedServices(DeskOptions.Section)] ISignalStore store,
    IRollStore rolls,
    IOptions<DeskOptions> options,
    PepperRing peppers,
    EpochKeeper epochs,
    EpochCalendar calendar,
    EpochPace pace,
    DeskLedger ledger,
    ILogger<EpochRoller> logger)
{
    // Others may roll at the same time.
    private const int MostAttempts = 5;

    /// <summary>Rolls the current epochs of classes, the ones before, and the next ones where their salts are or may be made.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="StoreException">The store did not answer; nothing is rolled.</exception>
    /// <exception cref="RollFailedException">
    /// The store did not answer for each, holds what can't be replaced, or has not told as many replicas as must know; the others are rolled.
    /// </exception>
    /// <exception cref="LedgerException">It can't be entered, and nothing is rolled; or what became of it can't.</exception>
    public Task<EpochRoll> RollAsync(IReadOnlyList<RetentionClass> classes, LedgerActor by)
    {
        var asked = classes.Count == 1 ? classes[0].Name : "both";
        return ledger.ActAsync(LedgerAct.EpochRoll, by, new JsonObject { ["epoch_class"] = asked }, _ => RollAllAsync(classes, by.Caller));
    }

    private async Task<Acted<EpochRoll>> RollAllAsync(IReadOnlyList<RetentionClass> classes, string caller)
    {
        var now = await store.TimeAsync(CancellationToken.None) / 1000; // by the store's clock alone: a wrong one of the desk does no harm
        List<RolledEpoch> rolled = [];
        List<RolledEpoch> planted = [];
        List<EpochId> removed = [];
        List<(EpochId Epoch, StoreException Fault)> failed = [];
        foreach (var epoch in classes.SelectMany(retention => ToRoll(retention, now)))
        {
            try
            {
                if (await RollAsync(epoch, now, caller, planted, removed) is { } one)
                {
                    rolled.Add(one);
                }
            }
            catch (StoreException e)
            {
                failed.Add((epoch, e)); // who planted what can't be rolled is not to keep the others
            }
        }

        var done = new EpochRoll(rolled, removed);
        var outcome = EpochRoll.Outcome(planted, removed, failed.Select(static one => one.Epoch));
        return failed.Count == 0
            ? new Acted<EpochRoll>(done, outcome)
            : throw new RollFailedException(
                done,
                failed.ConvertAll(static one => one.Epoch),
                string.Join(' ', failed.Select(static one => one.Fault.Message).Distinct(StringComparer.Ordinal)),
                outcome,
                mayBeDone: planted.Count + removed.Count > 0 || failed.Exists(static one => one.Fault.MayBeDone));
    }

    // The current one first: it is where most is written.
    private IEnumerable<EpochId> ToRoll(RetentionClass retention, long now)
    {
        var current = calendar.At(retention, now);
        return [current, current.Previous, current.Next];
    }

    // null where there is nothing to roll: the next epoch, before anybody makes its salt.
    private async Task<RolledEpoch?> RollAsync(EpochId epoch, long now, string caller, List<RolledEpoch> planted, List<EpochId> removed)
    {
        for (var attempt = 1; ; attempt++)
        {
            // One that nobody here knows is planted all the same, up to the current one: a process that does know it would plant it again.
            var held = await HeldAsync(epoch, now, removed);
            if (held is null && now + (long)pace.Ahead.TotalSeconds < calendar.Start(epoch))
            {
                return null;
            }

            var before = Math.Max(held?.Generation ?? 0, epochs.Find(epoch, now)?.Generation ?? 0);
            if (before == uint.MaxValue)
            {
                throw new StoreException(StoreFailure.Malformed, "Its generation can't be raised any more: there is no higher one than 4294967295.");
            }

            // The second, and not just the next number: what store and desk have forgotten, an earlier roll among it, some process may still hold,
            // and would plant again over a lower generation.
            var generation = Math.Max(Math.Max(before, 1) + 1, (uint)Math.Clamp(now, 0, uint.MaxValue));
            var made = new EpochRecord(generation, peppers.NewestId, RandomNumberGenerator.GetBytes(EpochRecord.SaltSize));
            try
            {
                var (inForce, replicas) = await rolls.PlantAsync(epoch, made, calendar.End(epoch), options.Value.Replicas, CancellationToken.None);
                var isOurs = inForce is not null && inForce.Generation == made.Generation && CryptographicOperations.FixedTimeEquals(inForce.Salt, made.Salt);
                inForce?.Zero();
                if (isOurs)
                {
                    Log.Rolled(logger, caller, epoch.Class.Name, epoch.Number, before, made.Generation, $"{made.PepperId:x16}");
                    planted.Add(new RolledEpoch(epoch, before, made.Generation, made.PepperId, calendar.End(epoch), replicas));
                    Confirm(replicas);
                    return planted[^1];
                }
            }
            finally
            {
                made.Zero();
            }

            if (attempt == MostAttempts)
            {
                throw new StoreException(StoreFailure.Refused, "Others roll it at the same time; roll again.");
            }
        }
    }

    // What stands there, once what is no record, or one that nobody can have made yet, or is far too early (the store would refuse a longer life
    // for it) is deleted.
    private async Task<EpochRecord?> HeldAsync(EpochId epoch, long now, List<EpochId> removed)
    {
        try
        {
            var held = await store.EpochAsync(epoch, candidate: null, calendar.End(epoch), CancellationToken.None);
            held?.Zero();
            if (held is null || (!held.IsAheadOf(now) && calendar.Start(epoch) - now <= Keys.SaltGraceSeconds))
            {
                return held;
            }
        }
        catch (StoreException e) when (e.Failure == StoreFailure.Malformed)
        {
        }

        var replicas = await rolls.RemoveAsync(epoch, options.Value.Replicas, CancellationToken.None);
        removed.Add(epoch);
        Confirm(replicas);
        return null;
    }

    private void Confirm(int replicas)
    {
        var wanted = options.Value.Replicas;
        if (replicas < wanted)
        {
            throw new StoreException(
                StoreFailure.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"The store has done it, but only {replicas} of {wanted} replicas have acknowledged it in time, so that a fail-over could undo it."));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.EpochRolled,
            LogLevel.Warning,
            "{Caller} had the {Class} epoch {Number} rolled from generation {OldGeneration} to {NewGeneration}, under pepper {PepperId}: what was learned in it is lost.",
            EventName = nameof(EventIds.EpochRolled))]
        public static partial void Rolled(ILogger logger, string caller, string @class, int number, uint oldGeneration, uint newGeneration, string pepperId);
    }
}
