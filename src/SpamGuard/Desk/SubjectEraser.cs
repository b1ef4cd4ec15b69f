using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Addresses;
using SpamGuard.Desk.Ledger;
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
    DeskLedger ledger,
    SubjectMetrics metrics,
    ILogger<SubjectEraser> logger)
{
    /// <summary>Erases it. To repeat it does no harm.</summary>
    /// <param name="address">The address.</param>
    /// <param name="proof">What has shown whose it is.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="StoreException">It can't be done now, or some of it was.</exception>
    /// <exception cref="LedgerException">It can't be entered, and is not done; or what became of it can't.</exception>
    public Task<Erasure> EraseAsync(ClientAddress address, SubjectProof proof, LedgerActor by) =>
        ledger.ActAsync(LedgerAct.SubjectErase, by, proof.Intent(address), async _ =>
        {
            var erasure = await DeleteAsync(address, by.Caller);
            return new Acted<Erasure>(erasure, erasure.Outcome());
        });

    private async Task<Erasure> DeleteAsync(ClientAddress address, string caller)
    {
        var wanted = options.Value.Replicas;
        try
        {
            var subjects = await tokens.OfAsync(address, CancellationToken.None);
            var said = overrides.Current.Find(subjects.Select(static subject => subject.Key), clock.Now);
            var keys = await store.EraseAsync([.. subjects.Select(static subject => subject.Token)], wanted, CancellationToken.None);
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

    /// <summary>What the ledger is told of it.</summary>
    public JsonObject Outcome() => new()
    {
        ["records"] = Keys.Records,
        ["report_lists"] = Keys.ReportLists,
        ["replicas"] = Keys.Replicas,
        [LedgerEntry.ConfirmedName] = IsConfirmed,
    };
}
