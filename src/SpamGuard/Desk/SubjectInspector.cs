using Microsoft.Extensions.Logging;
using SpamGuard.Addresses;
using SpamGuard.Overrides;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>Says what is held on one address. Nothing is counted, and nothing of the address stays.</summary>
internal sealed partial class SubjectInspector(
    SubjectTokens tokens, ISubjectStore store, LiveOverrides overrides, StoreClock clock, SubjectMetrics metrics, ILogger<SubjectInspector> logger)
{
    /// <summary>Reads what is held.</summary>
    /// <param name="address">The address.</param>
    /// <param name="caller">Who asks, for the log.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">It can't be read now.</exception>
    public async ValueTask<HeldSubject> InspectAsync(ClientAddress address, string caller, CancellationToken cancellationToken)
    {
        var subjects = await tokens.OfAsync(address, cancellationToken);
        var held = await store.ReadAsync([.. subjects.Select(static subject => subject.Token)], cancellationToken);
        var epochs = subjects.Zip(held).Where(static pair => !pair.Second.IsNothing).OrderByDescending(static pair => pair.First.Start).ToList();
        metrics.Inspected(epochs.Count > 0 ? InspectionResult.Held : InspectionResult.NothingHeld);
        Log.Inspected(logger, caller, epochs.Count);
        return new HeldSubject(clock.Now, epochs, overrides.Current.Find(subjects.Select(static subject => subject.Key), clock.Now));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.SubjectInspected, LogLevel.Information, "{Caller} was told what is held on an address: something in {Epochs} epochs.", EventName = "SubjectInspected")]
        public static partial void Inspected(ILogger logger, string caller, int epochs);
    }
}

/// <summary>What is held on one address.</summary>
/// <param name="Time">Unix second at which it was read.</param>
/// <param name="Epochs">Each epoch of which something is held, the latest first.</param>
/// <param name="Override">What an operator says of it; <c>null</c> for nothing.</param>
internal sealed record HeldSubject(long Time, IReadOnlyList<(SubjectInEpoch Epoch, HeldKeys Keys)> Epochs, OperatorOverride? Override);
