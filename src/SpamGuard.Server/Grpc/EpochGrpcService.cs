using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Desk;
using SpamGuard.Retention;
using SpamGuard.Server.Callers;
using SpamGuard.Storage;
using SpamGuard.V1;
using RolledEpoch = SpamGuard.Desk.RolledEpoch;

namespace SpamGuard.Server.Grpc;

/// <summary>EpochService: the emergency roll. Served by the desk.</summary>
internal sealed class EpochGrpcService(EpochRoller roller) : EpochService.EpochServiceBase
{
    private const string Lost = "All that was learned in these epochs is lost, at once and for good. Every scoring process follows within five seconds. ";
    private const string LostTokens = "Decision tokens of before can't be opened any more.";
    private const string KeptTokens = "Decision tokens of before still lead to the records that they were made with.";

    /// <inheritdoc/>
    public override async Task<RollResponse> Roll(RollRequest request, ServerCallContext context)
    {
        try
        {
            var done = await roller.RollAsync(Classes(request.EpochClass), context.Actor());
            var lost = Lost + (request.EpochClass == EpochClass.Network ? KeptTokens : LostTokens) + Removed(done);
            return new RollResponse { Epochs = { done.Rolled.Select(Of) }, Lost = lost };
        }
        catch (StoreException)
        {
            throw Errors.RollUnfinished("Nothing was rolled, for the store did not answer. Roll again.");
        }
        catch (RollFailedException e)
        {
            throw Errors.RollUnfinished(
                $"Rolled: {Names(e.Done.Rolled.Select(static one => one.Epoch))}. Not known to be rolled: {Names(e.Failed)}. {e.Message} Roll again: that is safe.{Removed(e.Done)}");
        }
    }

    private static IReadOnlyList<RetentionClass> Classes(EpochClass asked) => asked switch
    {
        EpochClass.Unspecified => RetentionClass.Salted,
        EpochClass.Address => [RetentionClass.Address],
        EpochClass.Network => [RetentionClass.Network],
        _ => throw Errors.BadRequest([Violations.Of("epoch_class", "UNKNOWN_EPOCH_CLASS", "Use EPOCH_CLASS_ADDRESS, EPOCH_CLASS_NETWORK, or leave it out for both.")])
            .ToRpcException(),
    };

    private static V1.RolledEpoch Of(RolledEpoch rolled) => new()
    {
        EpochClass = rolled.Epoch.Class == RetentionClass.Address ? EpochClass.Address : EpochClass.Network,
        Number = rolled.Epoch.Number,
        OldGeneration = rolled.OldGeneration,
        NewGeneration = rolled.NewGeneration,
        ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeSeconds(rolled.End)),
        PepperId = rolled.PepperId.ToString("x16", CultureInfo.InvariantCulture),
        ReplicasAcknowledged = rolled.Replicas,
    };

    private static string Removed(EpochRoll done) => done.Removed.Count == 0
        ? string.Empty
        : $" What stood for {Names(done.Removed)} in the store was no record, or was there before it can be made, and was deleted: somebody else writes there.";

    private static string Names(IEnumerable<EpochId> epochs) => string.Join(", ", epochs.Select(static epoch => epoch.ToString()).DefaultIfEmpty("none"));
}
