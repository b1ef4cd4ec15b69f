using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>Keeps the salts: reads them from the store, makes the next one ahead of time, gives back what the store has lost, zeroes what is over.</summary>
/// <remarks>
/// The first process to ask plants an epoch's salt, in one step of the store, and everybody adopts what is there. A process that holds another
/// salt than the store's was overtaken by a loss: it adopts the store's, and what it knew under its own is lost and counted as a conflict.
/// </remarks>
internal sealed class EpochKeeper : IDisposable
{
    // What was taken out of use is zeroed after this: an event that began to hash with it has then been answered.
    private const long SecondsInUse = 2;

    private readonly ISignalStore _store;
    private readonly PepperRing _peppers;
    private readonly EpochCalendar _calendar;
    private readonly EpochMetrics _metrics;
    private readonly SaltSource _salts;
    private readonly KeyedHashSource? _hash;
    private readonly EpochPace _pace;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly Lock _changing = new();
    private readonly List<(EpochSecret Secret, long Since)> _retired = [];
    private volatile EpochSecret[] _secrets = [];
    private volatile LiveEpochs? _live;
    private volatile List<PepperMissingException> _missing = [];
    private volatile List<EpochId> _unread = [];

    /// <summary>Fills a salt with random bytes.</summary>
    public delegate void SaltSource(Span<byte> salt);

    /// <summary>Knows nothing until the first <see cref="RefreshAsync"/>.</summary>
    /// <param name="store">Where the salts live.</param>
    /// <param name="peppers">What they are combined with.</param>
    /// <param name="calendar">When epochs begin and end.</param>
    /// <param name="metrics">What is told of them.</param>
    /// <param name="salts">Where salts come from; <c>null</c> for the system's random number generator.</param>
    /// <param name="hash">What makes tokens; <c>null</c> for HMAC-SHA-256.</param>
    /// <param name="pace">How far ahead salts are made; <c>null</c> for a service's.</param>
    /// <param name="logger">Is told of epochs that others began anew; <c>null</c> for nobody.</param>
    public EpochKeeper(
        ISignalStore store,
        PepperRing peppers,
        EpochCalendar calendar,
        EpochMetrics metrics,
        SaltSource? salts = null,
        KeyedHashSource? hash = null,
        EpochPace? pace = null,
        ILogger<EpochKeeper>? logger = null)
    {
        _store = store;
        _peppers = peppers;
        _calendar = calendar;
        _metrics = metrics;
        _salts = salts ?? RandomNumberGenerator.Fill;
        _hash = hash;
        _pace = pace ?? EpochPace.OfService;
        _logger = logger ?? NullLogger<EpochKeeper>.Instance;
    }

    /// <summary>The epochs of the last refresh, live or about to begin, that name a pepper which this process does not have.</summary>
    public IReadOnlyList<PepperMissingException> MissingPeppers => _missing;

    /// <summary>The epochs at a time (unix seconds), or <c>null</c> where a current one's salt is not known yet.</summary>
    public LiveEpochs? Live(long now)
    {
        var (live, secrets) = (_live, _secrets);
        var address = _calendar.At(RetentionClass.Address, now);
        var network = _calendar.At(RetentionClass.Network, now);
        if (live is not null && live.IsOf(secrets) && live.Current(RetentionClass.Address).Id == address && live.Current(RetentionClass.Network).Id == network)
        {
            return live;
        }

        live = At(address, network, now);
        _live = live ?? _live;
        return live;
    }

    /// <summary>A pair of epochs of the past with the ones before them, or <c>null</c> where one of the two is over at a time (unix seconds).</summary>
    public LiveEpochs? At(EpochId address, EpochId network, long now)
    {
        var secrets = _secrets;
        return Find(secrets, address, now) is { } addressSecret && Find(secrets, network, now) is { } networkSecret
            ? new LiveEpochs(
                _calendar, secrets, addressSecret, Find(secrets, address.Previous, now), networkSecret, Find(secrets, network.Previous, now))
            : null;
    }

    /// <summary>
    /// An epoch that has begun at a time (unix seconds) and whose salt in the store this process can't use, for it does not have its pepper;
    /// <c>null</c> where there is none. Also where it goes on under an earlier salt of the same generation: others don't, and no longer see its records.
    /// </summary>
    public PepperMissingException? LiveWithoutPepper(long now) =>
        _missing.FirstOrDefault(missing => now >= _calendar.Start(missing.Epoch) && now < _calendar.End(missing.Epoch));

    /// <summary>The peppers that known epochs name, those about to begin with them, at a time (unix seconds).</summary>
    public IReadOnlyList<(EpochId Epoch, ulong PepperId)> NamedPeppers(long now) =>
        [.. _secrets.Where(secret => now < _calendar.End(secret.Id)).Select(static secret => (secret.Id, secret.PepperId))];

    /// <summary>
    /// Whether <see cref="NamedPeppers"/> and <see cref="MissingPeppers"/> are all that live epochs name at a time (unix seconds): not before the store has
    /// told the current ones, nor while it fails to tell one that it may hold.
    /// </summary>
    public bool KnowsNamedPeppers(long now)
    {
        var (missing, unread) = (_missing, _unread);
        return RetentionClass.Salted.Select(retention => _calendar.At(retention, now)).Concat(unread.Where(epoch => now < _calendar.End(epoch)))
            .All(epoch => Find(epoch, now) is not null || missing.Any(fault => fault.Epoch == epoch));
    }

    /// <summary>The secret of an epoch, or <c>null</c> where it is not known or over at a time (unix seconds).</summary>
    public EpochSecret? Find(EpochId epoch, long now) => Find(_secrets, epoch, now);

    /// <summary>The address epoch whose number ends in the given byte, as the head of a decision token says it; <c>null</c> where it is over.</summary>
    public EpochSecret? FindAddressEpoch(byte numberModulo, long now)
    {
        foreach (var secret in _secrets)
        {
            if (secret.Id.Class == RetentionClass.Address && (byte)secret.Id.Number == numberModulo && now < _calendar.End(secret.Id))
            {
                return secret;
            }
        }

        return null;
    }

    /// <summary>
    /// Takes out of use what is over at a time (unix seconds), and zeroes what was taken out two seconds ago or longer: an event that still hashed
    /// with that has been answered. It asks nobody, so that salts die on time while the store is away.
    /// </summary>
    public void Expire(long now)
    {
        lock (_changing)
        {
            var over = _secrets.Where(secret => now >= _calendar.End(secret.Id)).ToList();
            if (over.Count > 0)
            {
                _secrets = [.. _secrets.Except(over)];
                _retired.AddRange(over.Select(secret => (secret, now)));
            }

            foreach (var (secret, _) in _retired.Where(retired => IsOutOfUse(retired.Since, now)))
            {
                secret.Dispose();
            }

            _retired.RemoveAll(retired => IsOutOfUse(retired.Since, now));
        }
    }

    /// <summary>
    /// Brings the salts up to date with the store and the time (unix seconds); what is over is <see cref="Expire"/>'s. An epoch that can't be read
    /// keeps none of the others from it, whyever it can't.
    /// </summary>
    /// <exception cref="StoreException">
    /// The store did not answer for an epoch, or else a record of one is not of the expected form (<see cref="StoreFailure.Malformed"/>); what was
    /// known of it stays in force.
    /// </exception>
    /// <exception cref="PepperMissingException">An epoch, live or about to begin, names a pepper that this process does not have.</exception>
    public ValueTask RefreshAsync(long now, CancellationToken cancellationToken) => BringUpToDateAsync(now, mayPlant: true, cancellationToken);

    /// <summary>As <see cref="RefreshAsync"/>, but only adopts what the store holds, and never writes.</summary>
    public ValueTask AdoptAsync(long now, CancellationToken cancellationToken) => BringUpToDateAsync(now, mayPlant: false, cancellationToken);

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            foreach (var secret in _secrets.Concat(_retired.Select(static retired => retired.Secret)))
            {
                secret.Dispose();
            }

            _secrets = [];
            _retired.Clear();
        }

        _refreshing.Dispose();
    }

    // Also where the clock has stepped back since.
    private static bool IsOutOfUse(long since, long now) => Math.Abs(now - since) >= SecondsInUse;

    private async ValueTask BringUpToDateAsync(long now, bool mayPlant, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            List<PepperMissingException> missing = [];
            List<EpochId> unread = [];
            List<EpochId> malformed = [];
            StoreException? failure = null;
            foreach (var (epoch, make) in Epochs(now))
            {
                try
                {
                    await ReadOrMakeAsync(epoch, mayPlant, make, now, cancellationToken);
                }
                catch (PepperMissingException e)
                {
                    missing.Add(e);
                }
                catch (StoreException e) when (e.Failure == StoreFailure.Malformed)
                {
                    malformed.Add(epoch);
                }
                catch (StoreException e)
                {
                    // Of a cluster one slot may be away, and the others not.
                    failure ??= e;
                    unread.Add(epoch);
                    missing.AddRange(_missing.Where(fault => fault.Epoch == epoch));
                }
            }

            _missing = missing;
            _unread = unread;
            Tell(now, malformed, unread);
            if (failure is not null)
            {
                throw failure;
            }

            if (malformed.Count > 0)
            {
                throw new StoreException(
                    StoreFailure.Malformed,
                    $"The record of the {malformed[0]} in the store is not of the expected form, or of a generation that no roll can have made yet; roll the epochs of its class, or delete its key.");
            }

            if (missing.Count > 0)
            {
                throw missing[0];
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    // Those that matter at a time, and whether one that is not there is made.
    private IEnumerable<(EpochId Epoch, bool Make)> Epochs(long now)
    {
        foreach (var retention in RetentionClass.Salted)
        {
            var current = _calendar.At(retention, now);
            yield return (current.Previous, false);
            yield return (current, true);
            if (now + (long)_pace.Ahead.TotalSeconds >= _calendar.Start(current.Next))
            {
                yield return (current.Next, true);
            }
        }
    }

    private void Tell(long now, List<EpochId> malformed, List<EpochId> unread)
    {
        foreach (var retention in RetentionClass.Salted)
        {
            var current = _calendar.At(retention, now);
            if (!unread.Contains(current))
            {
                _metrics.Current(retention, _calendar.End(current));
            }

            _metrics.Unreadable(retention, malformed.Count(epoch => epoch.Class == retention));
        }

        _metrics.PepperMissing(_missing.Count);
    }

    private EpochSecret? Find(EpochSecret[] secrets, EpochId epoch, long now)
    {
        foreach (var secret in secrets)
        {
            if (secret.Id == epoch)
            {
                return now < _calendar.End(epoch) ? secret : null;
            }
        }

        return null;
    }

    private async ValueTask ReadOrMakeAsync(EpochId epoch, bool mayPlant, bool make, long now, CancellationToken cancellationToken)
    {
        var known = Find(epoch, now);
        var held = await AskAsync(epoch, candidate: null, now, cancellationToken);
        if (held is null || held.Generation < known?.Generation)
        {
            held?.Zero();
            var candidate = !mayPlant ? null : known?.ToRecord() ?? (make ? Make() : null);
            if (candidate is null)
            {
                return;
            }

            try
            {
                held = await AskAsync(epoch, candidate, now, cancellationToken);
            }
            finally
            {
                candidate.Zero();
            }
        }

        try
        {
            Take(epoch, known, held, now);
        }
        finally
        {
            held?.Zero();
        }
    }

    private async ValueTask<EpochRecord?> AskAsync(EpochId epoch, EpochRecord? candidate, long now, CancellationToken cancellationToken)
    {
        var held = await _store.EpochAsync(epoch, candidate, _calendar.End(epoch), cancellationToken);
        return held?.IsAheadOf(now) == true
            ? throw new StoreException(StoreFailure.Malformed, "The generation of an epoch's record in the store is one that no roll can have made yet.")
            : held;
    }

    private void Take(EpochId epoch, EpochSecret? known, EpochRecord? held, long now)
    {
        if (held is null || known?.Matches(held) == true)
        {
            return;
        }

        var isRolled = held.Generation > known?.Generation;
        if (isRolled)
        {
            _metrics.Rolled(epoch.Class);
            EpochLog.BegunAnew(_logger, epoch.Class.Name, epoch.Number, known!.Generation, held.Generation, $"{held.PepperId:x16}");
        }

        if (_peppers.Find(held.PepperId) is not { } pepper)
        {
            if (isRolled)
            {
                Exchange(known, null, now); // rolled: what it is to forget it must not go on with
            }

            throw new PepperMissingException(epoch, held.PepperId);
        }

        if (held.Generation == known?.Generation)
        {
            _metrics.Conflict(epoch.Class);
            EpochLog.Overwritten(_logger, epoch.Class.Name, epoch.Number, held.Generation, $"{held.PepperId:x16}");
        }

        Exchange(known, new EpochSecret(epoch, held, pepper, _hash), now);
        CryptographicOperations.ZeroMemory(pepper);
    }

    private EpochRecord Make()
    {
        var salt = new byte[EpochRecord.SaltSize];
        _salts(salt);
        return new EpochRecord(Generation: 1, _peppers.NewestId, salt);
    }

    private void Exchange(EpochSecret? before, EpochSecret? now, long time)
    {
        lock (_changing)
        {
            _secrets = [.. _secrets.Where(held => held != before), .. now is null ? [] : new[] { now }];
            if (before is not null)
            {
                _retired.Add((before, time));
            }
        }
    }
}
