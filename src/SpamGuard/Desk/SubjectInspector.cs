using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SpamGuard.Addresses;
using SpamGuard.Desk.Ledger;
using SpamGuard.Overrides;
using SpamGuard.Storage;

namespace SpamGuard.Desk;

/// <summary>Says what is held on one address. Nothing is counted, and nothing of the address stays: the ledger has that somebody was told.</summary>
internal sealed partial class SubjectInspector(
    SubjectTokens tokens, ISubjectStore store, LiveOverrides overrides, StoreClock clock, DeskLedger ledger, SubjectMetrics metrics, ILogger<SubjectInspector> logger)
{
    /// <summary>Reads what is held.</summary>
    /// <param name="address">The address.</param>
    /// <param name="proof">What has shown whose it is.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="StoreException">It can't be read now.</exception>
    /// <exception cref="LedgerException">It can't be entered, and is not told.</exception>
    public async Task<HeldSubject> InspectAsync(ClientAddress address, SubjectProof proof, LedgerActor by)
    {
        var found = await ledger.ActAsync(LedgerAct.SubjectInspect, by, proof.Intent(address), async _ =>
        {
            var held = await ReadAsync(address);
            return new Acted<HeldSubject>(held, new JsonObject { ["epochs"] = held.Epochs.Count });
        });
        metrics.Inspected(found.Epochs.Count > 0 ? InspectionResult.Held : InspectionResult.NothingHeld);
        Log.Inspected(logger, by.Caller, found.Epochs.Count); // now it is entered, and told
        return found;
    }

    private async Task<HeldSubject> ReadAsync(ClientAddress address)
    {
        var subjects = await tokens.OfAsync(address, CancellationToken.None);
        var held = await store.ReadAsync([.. subjects.Select(static subject => subject.Token)], CancellationToken.None);
        var now = clock.Now;
        return HeldSubject.Of(now, subjects, held) with { Override = overrides.Current.Find(subjects.Select(static subject => subject.Key), now) };
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
internal sealed record HeldSubject(long Time, IReadOnlyList<(SubjectInEpoch Epoch, HeldKeys Keys)> Epochs)
{
    /// <summary>What an operator says of it; <c>null</c> where nobody says anything, or is not asked.</summary>
    public OperatorOverride? Override { get; init; }

    /// <summary>Leaves out the epochs of which nothing is held.</summary>
    /// <param name="time">Unix second at which it was read.</param>
    /// <param name="epochs">The address in each epoch.</param>
    /// <param name="held">What is held of each.</param>
    public static HeldSubject Of(long time, IReadOnlyList<SubjectInEpoch> epochs, IReadOnlyList<HeldKeys> held) =>
        new(time, [.. epochs.Zip(held).Where(static pair => !pair.Second.IsNothing).OrderByDescending(static pair => pair.First.Start)]);
}
