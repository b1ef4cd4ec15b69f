using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Addresses;
using SpamGuard.Overrides;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>Erases what is held on one address. What a report on an old decision would bring back, the store refuses: it only updates what is there.</summary>
internal sealed partial class SubjectEraser(
    SubjectTokens tokens,
    ISubjectStore store,
    LiveOverrides overrides,
    StoreClock clock,
    IOptions<DeskOptions> options,
    SubjectMetrics metrics,
    ILogger<SubjectEraser> logger)
{
    /// <summary>Erases it. To repeat it does no harm.</summary>
    /// <param name="address">The address.</param>
    /// <param name="caller">Who asks, for the log.</param>
    /// <param name="cancellationToken">Stops waiting; what is done by then is done.</param>
    /// <exception cref="StoreException">It can't be done now, or some of it was.</exception>
    public async ValueTask<Erasure> EraseAsync(ClientAddress address, string caller, CancellationToken cancellationToken)
    {
        var wanted = options.Value.Replicas;
        try
        {
            var subjects = await tokens.OfAsync(address, cancellationToken);
            var said = overrides.Current.Find(subjects.Select(static subject => subject.Key), clock.Now);
            var keys = await store.EraseAsync([.. subjects.Select(static subject => subject.Token)], wanted, cancellationToken);
            if (keys.Replicas < wanted)
            {
                metrics.Erased(ErasureResult.Unconfirmed);
                Log.Unconfirmed(logger, caller, keys.Replicas, wanted);
                return new Erasure(keys, wanted, clock.Now, said?.ExpireTime);
            }

            metrics.Erased(keys is { Records: 0, ReportLists: 0 } ? ErasureResult.NothingHeld : ErasureResult.Erased);
            Log.Erased(logger, caller, keys.Records, keys.ReportLists, keys.Replicas);
            return new Erasure(keys, wanted, clock.Now, said?.ExpireTime);
        }
        catch (StoreException e)
        {
            Log.Failed(logger, caller, e.Failure);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.SubjectErased, LogLevel.Information, "{Caller} had an address erased: {Records} records and {ReportLists} lists of reports, acknowledged by {Replicas} replicas.", EventName = "SubjectErased")]
        public static partial void Erased(ILogger logger, string caller, int records, int reportLists, int replicas);

        [LoggerMessage(EventIds.ErasureUnconfirmed, LogLevel.Warning, "{Caller} had an address erased, but {Replicas} of {Wanted} replicas acknowledged it in time; it is to be repeated.", EventName = "ErasureUnconfirmed")]
        public static partial void Unconfirmed(ILogger logger, string caller, int replicas, int wanted);

        [LoggerMessage(EventIds.ErasureFailed, LogLevel.Warning, "{Caller} asked for the erasure of an address, and the store did not do all of it ({Failure}); it is to be repeated.", EventName = "ErasureFailed")]
        public static partial void Failed(ILogger logger, string caller, StoreFailure failure);
    }
}

/// <summary>What an erasure did.</summary>
/// <param name="Keys">What was taken away, and how many replicas have done the same.</param>
/// <param name="ReplicasWanted">How many had to.</param>
/// <param name="Time">Unix second at which it was done.</param>
/// <param name="OverrideEnd">Unix second at which ends what an operator says of it, which stays; <c>null</c> for nothing.</param>
internal readonly record struct Erasure(ErasedKeys Keys, int ReplicasWanted, long Time, long? OverrideEnd)
{
    /// <summary>Whether as many replicas as had to have done the same.</summary>
    public bool IsConfirmed => Keys.Replicas >= ReplicasWanted;
}
