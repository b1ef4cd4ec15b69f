using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using StackExchange.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>One pass over the keyspace: what it counted so far. Not for concurrent use.</summary>
/// <param name="store">Where faulty keys are deleted.</param>
/// <param name="pace">Counts every key that is walked.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="calendar">When the epochs of the store's salts begin and end.</param>
/// <param name="dryRun">Whether to delete nothing.</param>
internal sealed class AuditPass(AuditedStore store, Pace pace, TimeProvider time, EpochCalendar calendar, bool dryRun)
{
    /// <summary>About how many names one SCAN answers: it keeps the server for some fifty microseconds.</summary>
    public const int PageSize = 200;

    // A replica does a little later what its master did. One that does not is waited for once, not for every key.
    private const int Patience = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<KeyTally> _tallies = [.. Keys.KindsByClass.Select(static kind => new KeyTally(kind)), new KeyTally(kind: null)];

    // What a salt may have left beyond its epoch's end: the store's clock is asked once a walk, and answers are on their way for a while.
    private const int EndGraceMilliseconds = 2000;

    private int _patience = Patience;
    private (long Milliseconds, long Asked)? _now;

    /// <summary>What was counted, kind by kind, and at last of no kind.</summary>
    public IReadOnlyList<KeyTally> Tallies => _tallies;

    /// <summary>Keys that are none of ours; they are left alone.</summary>
    public long Foreign { get; private set; }

    /// <summary>Faulty keys that are still there.</summary>
    public long Remaining { get; private set; }

    /// <summary>Walks one server from beginning to end.</summary>
    /// <exception cref="StoreException">It went away; what was counted until then stays counted.</exception>
    public async Task<(long Alive, long Expired)> WalkAsync(AuditedServer server, bool isMaster, CancellationToken cancellationToken)
    {
        _now = await server.NowAsync() is { } now ? (now, time.GetTimestamp()) : null;
        var atFirst = await server.CountAsync();
        var (cursor, alive, purged, excess) = (AuditedServer.Start, 0L, 0L, 0);
        do
        {
            await pace.NextAsync(PageSize + excess, cancellationToken);
            var page = await server.ScanAsync(cursor, PageSize);
            (cursor, excess) = (page.Cursor, Math.Max(0, page.Keys.Count - PageSize));
            alive += page.Keys.Count;
            purged += page.Purged;
            await JudgeAsync(server, isMaster, page.Keys, cancellationToken);
        }
        while (!AuditedServer.IsStart(cursor));

        Foreign += isMaster ? await server.CountElsewhereAsync() : 0;

        // What a replica counts and does not name is expired, or was deleted or written meanwhile: the smaller count is the safer one.
        return (alive, isMaster ? purged : Math.Max(0, Math.Min(atFirst, await server.CountAsync()) - alive));
    }

    /// <summary>Asks what the keys have left to live, and deletes those that may not be there.</summary>
    /// <exception cref="StoreException">The server, or the keys' master, went away.</exception>
    public async Task JudgeAsync(AuditedServer server, bool isMaster, IReadOnlyList<RedisKey> keys, CancellationToken cancellationToken)
    {
        var ours = keys.Where(IsOurs).ToList();
        Foreign += isMaster ? keys.Count - ours.Count : 0;
        var remaining = await server.RemainingAsync(ours);
        for (var i = 0; i < ours.Count; i++)
        {
            if (remaining[i] == AuditedServer.Moved)
            {
                remaining[i] = await store.RemainingAsync(ours[i]); // a slot went to another master, which may have been walked before
            }

            if (remaining[i] == AuditedServer.Gone)
            {
                continue;
            }

            var tally = Tally(ours[i]);
            tally.Met(isMaster);
            tally.Remains(remaining[i]);
            if (KeyFaults.Of(tally.Kind, remaining[i], End(ours[i])) is not null)
            {
                await AgainAsync(server, isMaster, ours[i], tally, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Asks again before a key is deleted, for it may have been written anew since. Between this answer and the deletion are some microseconds
    /// in which a lawful value can be lost; it is one that a moment before was not.
    /// </summary>
    private async Task AgainAsync(AuditedServer server, bool isMaster, RedisKey key, KeyTally tally, CancellationToken cancellationToken)
    {
        if (Keys.EpochOf((ReadOnlySpan<byte>)(byte[]?)key) is not null)
        {
            // The clock too: since the walk began it may have been set back, and a lawful salt must not be lost by that.
            _now = await store.NowAsync(key) is { } now ? (now, time.GetTimestamp()) : null;
        }

        var onMaster = KeyFaults.Of(tally.Kind, await store.RemainingAsync(key), End(key));
        if (onMaster is { } fault)
        {
            tally.Faulty(fault);
            if (dryRun || fault == KeyFault.UnknownKind)
            {
                Remaining++;
                return;
            }

            Remaining++; // until it is gone: the deletion may be refused
            if (await store.UnlinkAsync(key))
            {
                tally.Deleted(fault);
            }

            Remaining--;
        }

        if (!isMaster && await StaysAsync(server, key, tally, cancellationToken) is { } stays)
        {
            // Its master does not have it, so it can't be deleted there, and a replica takes no deletion from anybody else.
            if (onMaster is null)
            {
                tally.Faulty(stays);
            }

            Remaining++;
        }
    }

    private async Task<KeyFault?> StaysAsync(AuditedServer server, RedisKey key, KeyTally tally, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var fault = KeyFaults.Of(tally.Kind, (await server.RemainingAsync([key]))[0], End(key));
            if (fault is null || attempt >= _patience)
            {
                _patience = fault is null ? _patience : 1;
                return fault;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // A salt ends with the epoch after its own, which its key's number tells, and is not there before it can be made. Whoever lengthens its life
    // within the cap, or plants one for later, is found by that.
    private long End(RedisKey key)
    {
        if (_now is not { } asked || Keys.EpochOf((ReadOnlySpan<byte>)(byte[]?)key) is not { } epoch)
        {
            return long.MaxValue;
        }

        var now = asked.Milliseconds + (long)time.GetElapsedTime(asked.Asked).TotalMilliseconds - EndGraceMilliseconds;
        var isTooEarly = (calendar.Start(epoch) - Keys.SaltGraceSeconds) * 1000 > now + (2 * EndGraceMilliseconds);
        return isTooEarly ? long.MinValue : (calendar.End(epoch) * 1000) - now;
    }

    private static bool IsOurs(RedisKey key) => ((ReadOnlySpan<byte>)(byte[]?)key).StartsWith("sg:"u8);

    private KeyTally Tally(RedisKey key)
    {
        var kind = Keys.KindOf((ReadOnlySpan<byte>)(byte[]?)key);
        return _tallies.First(tally => tally.Kind == kind);
    }
}
