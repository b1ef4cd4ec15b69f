using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Storage;

namespace SpamGuard.Overrides;

/// <summary>Keeps up to date what operators say: asks each second which overrides there are, and reads those that are new.</summary>
/// <param name="reader">Where they are.</param>
/// <param name="live">Takes them.</param>
/// <param name="clock">The store's time.</param>
/// <param name="metrics">Tells how many there are, and when they were read.</param>
/// <param name="time">When to ask.</param>
/// <param name="logger">Is told where the store does not answer.</param>
internal sealed partial class OverrideService(
    IOverrideReader reader, LiveOverrides live, StoreClock clock, OverrideMetrics metrics, TimeProvider time, ILogger<OverrideService> logger)
    : BackgroundService
{
    /// <summary>How often the list is read: what is set counts everywhere within two seconds.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How often everything is read, whether or not it is new: a key may be lost, or written by a thief.</summary>
    public static readonly TimeSpan FullPeriod = TimeSpan.FromSeconds(30);

    private const int FailuresToSpeakOf = 3;

    private int _failures;
    private long? _readAll;

    /// <summary>Reads once before the process serves anybody: none of its answers is to miss what an operator says. A store that is away does not keep it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>One turn: reads what is to be read. Where the store does not answer, what was read last stays.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken);
            metrics.Read(time.GetUtcNow());
            Answered();
        }
        catch (StoreException e)
        {
            Failed(e.Failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var now = clock.Now;
        metrics.Are(live.Current.All.Count(said => said.IsInForce(now)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RefreshAsync(stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var listed = await reader.ListAsync(cancellationToken);
        var began = time.GetTimestamp();
        var isFull = _readAll is not { } last || time.GetElapsedTime(last, began) >= FullPeriod;
        var known = isFull ? [] : live.Current.All.ToDictionary(static said => said.Id);
        List<OverrideId> unread = [.. listed.Select(static entry => entry.Id).Where(id => !known.ContainsKey(id))];
        if (!isFull && unread.Count == 0 && listed.Count == known.Count)
        {
            return; // as nearly always
        }

        foreach (var said in unread.Count == 0 ? [] : await reader.ReadAsync(unread, cancellationToken))
        {
            if (said is not null)
            {
                known[said.Id] = said;
            }
        }

        live.Apply(new OverrideSnapshot([.. listed.Select(entry => known.GetValueOrDefault(entry.Id)).OfType<OperatorOverride>()]));
        _readAll = isFull ? began : _readAll;
    }

    private void Failed(StoreFailure failure)
    {
        if (++_failures == FailuresToSpeakOf)
        {
            Log.NotRead(logger, failure);
        }
    }

    private void Answered()
    {
        if (_failures >= FailuresToSpeakOf)
        {
            Log.ReadAgain(logger);
        }

        _failures = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.OverridesNotRead,
            LogLevel.Warning,
            "Overrides could not be read from the store ({Failure}); those that are known stay in force, each until its end.",
            EventName = nameof(EventIds.OverridesNotRead))]
        public static partial void NotRead(ILogger logger, StoreFailure failure);

        [LoggerMessage(EventIds.OverridesReadAgain, LogLevel.Information, "Overrides are read from the store again.", EventName = nameof(EventIds.OverridesReadAgain))]
        public static partial void ReadAgain(ILogger logger);
    }
}
