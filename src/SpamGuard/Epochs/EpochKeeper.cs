using System.Security.Cryptography;
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
    /// <summary>How long before an epoch begins its salt is made.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    private readonly ISignalStore _store;
    private readonly PepperRing _peppers;
    private readonly EpochCalendar _calendar;
    private readonly EpochMetrics _metrics;
    private readonly SaltSource _salts;
    private readonly KeyedHashSource? _hash;
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly Lock _changing = new();
    private readonly List<EpochSecret> _retired = [];
    private volatile EpochSecret[] _secrets = [];
    private volatile LiveEpochs? _live;
    private volatile PepperMissingException? _missingPepper;

    /// <summary>Fills a salt with random bytes.</summary>
    public delegate void SaltSource(Span<byte> salt);

    /// <summary>Knows nothing until the first <see cref="RefreshAsync"/>.</summary>
    /// <param name="store">Where the salts live.</param>
    /// <param name="peppers">What they are combined with.</param>
    /// <param name="calendar">When epochs begin and end.</param>
    /// <param name="metrics">What is told of them.</param>
    /// <param name="salts">Where salts come from; <c>null</c> for the system's random number generator.</param>
    /// <param name="hash">What makes tokens; <c>null</c> for HMAC-SHA-256.</param>
    public EpochKeeper(
        ISignalStore store, PepperRing peppers, EpochCalendar calendar, EpochMetrics metrics, SaltSource? salts = null, KeyedHashSource? hash = null)
    {
        _store = store;
        _peppers = peppers;
        _calendar = calendar;
        _metrics = metrics;
        _salts = salts ?? RandomNumberGenerator.Fill;
        _hash = hash;
    }

    /// <summary>What the last refresh stopped at, where a live epoch names a pepper that this process does not have; else <c>null</c>.</summary>
    public PepperMissingException? MissingPepper => _missingPepper;

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
    /// Takes out of use what is over at a time (unix seconds), and zeroes what was taken out at an earlier call: an event that still hashed with
    /// that has long been answered. It asks nobody, so that salts die on time while the store is away.
    /// </summary>
    public void Expire(long now)
    {
        lock (_changing)
        {
            foreach (var secret in _retired)
            {
                secret.Dispose();
            }

            _retired.Clear();
            var over = _secrets.Where(secret => now >= _calendar.End(secret.Id)).ToList();
            if (over.Count > 0)
            {
                _secrets = [.. _secrets.Except(over)];
                _retired.AddRange(over);
            }
        }
    }

    /// <summary>Brings the salts up to date with the store and the time (unix seconds); what is over is <see cref="Expire"/>'s.</summary>
    /// <exception cref="StoreException">The store did not answer; what was known stays in force.</exception>
    /// <exception cref="PepperMissingException">A live epoch names a pepper that this process does not have.</exception>
    public async ValueTask RefreshAsync(long now, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            foreach (var retention in RetentionClass.Salted)
            {
                var current = _calendar.At(retention, now);
                await ReadOrMakeAsync(current.Previous, make: false, now, cancellationToken);
                await ReadOrMakeAsync(current, make: true, now, cancellationToken);
                if (now + (long)Ahead.TotalSeconds >= _calendar.Start(current.Next))
                {
                    await ReadOrMakeAsync(current.Next, make: true, now, cancellationToken);
                }

                _metrics.Current(retention, _calendar.End(current));
            }

            _missingPepper = null;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            foreach (var secret in _secrets.Concat(_retired))
            {
                secret.Dispose();
            }

            _secrets = [];
            _retired.Clear();
        }

        _refreshing.Dispose();
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

    private async ValueTask ReadOrMakeAsync(EpochId epoch, bool make, long now, CancellationToken cancellationToken)
    {
        var known = Find(epoch, now);
        var held = await _store.EpochAsync(epoch, candidate: null, _calendar.End(epoch), cancellationToken);
        if (held is null || held.Generation < known?.Generation)
        {
            var candidate = known?.ToRecord() ?? (make ? Make() : null);
            if (candidate is null)
            {
                return;
            }

            try
            {
                held = await _store.EpochAsync(epoch, candidate, _calendar.End(epoch), cancellationToken);
            }
            finally
            {
                candidate.Zero();
            }
        }

        try
        {
            Take(epoch, known, held);
        }
        finally
        {
            held?.Zero();
        }
    }

    private void Take(EpochId epoch, EpochSecret? known, EpochRecord? held)
    {
        if (held is null || known?.Matches(held) == true)
        {
            return;
        }

        if (known is not null && held.Generation == known.Generation)
        {
            _metrics.Conflict(epoch.Class);
        }

        if (_peppers.Find(held.PepperId) is not { } pepper)
        {
            _missingPepper = new PepperMissingException(epoch, held.PepperId);
            throw _missingPepper;
        }

        Adopt(new EpochSecret(epoch, held, pepper, _hash), known);
    }

    private EpochRecord Make()
    {
        var salt = new byte[EpochRecord.SaltSize];
        _salts(salt);
        return new EpochRecord(Generation: 1, _peppers.NewestId, salt);
    }

    private void Adopt(EpochSecret secret, EpochSecret? instead)
    {
        lock (_changing)
        {
            _secrets = [.. _secrets.Where(held => held != instead), secret];
            if (instead is not null)
            {
                _retired.Add(instead);
            }
        }
    }
}
