using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Benchmarks.Load;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Benchmarks.Subjects;

/// <summary>The hot path's script calls as the product itself puts them together, with the salts of both epochs that count.</summary>
internal sealed class HotPath : IAsyncDisposable
{
    private const int RequestArgument = 3; // EVALSHA, hash, count of keys, the replay key, the record keys
    private readonly RedisConnection _connection;
    private readonly EpochKeeper _epochs;

    private HotPath(RedisConnection connection, EpochKeeper epochs, long now)
    {
        _connection = connection;
        _epochs = epochs;
        Live = epochs.Live(now) ?? throw new BenchmarkException("The salts can't be read.");
    }

    private LiveEpochs Live { get; }

    /// <summary>Plants the salts of the previous epochs, so that every event reads the records of both, and takes the current ones.</summary>
    public static async Task<HotPath> StartAsync(string connectionString, byte[] pepper, CancellationToken cancellationToken)
    {
        var connection = new RedisConnection(Options.Create(new SignalStoreOptions { ConnectionString = connectionString }), NullLogger<RedisConnection>.Instance);
        await connection.StartAsync(cancellationToken);
        var (store, ring, calendar) = (new RedisSignalStore(connection, Scripts.InService), new PepperRing([.. pepper]), new EpochCalendar());
        var now = await store.TimeAsync(cancellationToken) / 1000;
        foreach (var retention in RetentionClass.Salted)
        {
            var previous = calendar.At(retention, now).Previous;
            var salt = new EpochRecord(1, ring.NewestId, new byte[EpochRecord.SaltSize]);
            await store.EpochAsync(previous, salt, calendar.End(previous), cancellationToken);
        }

        var epochs = new EpochKeeper(store, ring, calendar, new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));
        await epochs.RefreshAsync(now, cancellationToken);
        return new HotPath(connection, epochs, now);
    }

    /// <summary>A script call for each of the first addresses of the population.</summary>
    public CommandBook Observe(int events, bool withRequestId)
    {
        var book = new CommandBook();
        for (var i = 0; i < events; i++)
        {
            var spamEvent = Population.Event(i);
            var footprint = Footprint(spamEvent);
            var guard = withRequestId
                ? ReplayContext.Guard(spamEvent, "benchmark", new Guid(i + 1, 0, 0, new byte[8]), footprint, Live, default(FadingCounts), default(FadingCounts))
                : null;
            book.Add(Call([new ObservedEvent(footprint.Subjects, guard)]), withRequestId ? RequestArgument : 0);
        }

        return book;
    }

    /// <summary>A script call for each so many of the first addresses of the population, none with a request id.</summary>
    public CommandBook ObserveBatches(int events, int size)
    {
        var book = new CommandBook();
        for (var first = 0; first + size <= events; first += size)
        {
            book.Add(Call([.. Enumerable.Range(first, size).Select(i => new ObservedEvent(Footprint(Population.Event(i)).Subjects, Replay: null))]));
        }

        return book;
    }

    /// <summary>A GET of the address record of each of the first addresses of the population.</summary>
    public CommandBook Gets(int events)
    {
        var book = new CommandBook();
        for (var i = 0; i < events; i++)
        {
            book.Add(["GET"u8.ToArray(), Keys.Subject(Footprint(Population.Event(i)).Subjects[0].Current)]);
        }

        return book;
    }

    public async ValueTask DisposeAsync()
    {
        _epochs.Dispose();
        await _connection.DisposeAsync();
    }

    private EventFootprint Footprint(SpamEvent spamEvent) =>
        EventFootprint.Of(spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, [], Live, ScoringPolicy.Default);

    private List<ReadOnlyMemory<byte>> Call(ReadOnlySpan<ObservedEvent> events)
    {
        var plan = new SlotPlan(_connection, events.Length, events[0].Items.Length);
        for (var i = 0; i < events.Length; i++)
        {
            plan.Add(i, events[i]);
        }

        var (keys, arguments) = plan.Groups[0].Finish();
        return
        [
            "EVALSHA"u8.ToArray(),
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Scripts.InService.Observe.Hash)),
            Encoding.ASCII.GetBytes(keys.Length.ToString(CultureInfo.InvariantCulture)),
            .. keys.Select(static key => (ReadOnlyMemory<byte>)(byte[]?)key),
            .. arguments.Select(static argument => (ReadOnlyMemory<byte>)argument),
        ];
    }
}
