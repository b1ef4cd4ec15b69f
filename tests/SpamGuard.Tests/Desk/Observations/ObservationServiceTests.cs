using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Observations;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Testing;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Observations;

/// <summary>Which policy and which peppers there were is in the ledger, each time that they were others, and not more often.</summary>
public sealed class ObservationServiceTests : IDisposable
{
    private readonly LedgerFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<ObservationService> _logger = new();
    private readonly PepperRing _peppers = PepperRing.ForThisRun();
    private readonly PolicyKeeper _policies = new(
        Options.Create(new PolicyOptions()),
        new PolicySource(Policy.Default),
        new PolicyMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())),
        TimeProvider.System,
        new RecordingLogger<PolicyKeeper>());

    public void Dispose()
    {
        _peppers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_OverAnEmptyLedger_NotesBoth()
    {
        var seen = await RunAsync(async book => await SeenAsync(book, 2));

        Assert.Equal([LedgerAct.PolicyObserved, LedgerAct.PepperObserved], seen.Select(static entry => entry.Act));
        Assert.All(seen, static entry => Assert.Equal((LedgerPhase.Note, null), (entry.Phase, entry.By)));
        Assert.Equal(Policy.Default.Revision(), seen[0].Text("revision"));
        Assert.False((bool)seen[0].Data["is_file"]!);
        Assert.Equal($"{_peppers.NewestId:x16}", seen[1].Text("newest"));
        Assert.Equal([$"{_peppers.NewestId:x16}"], seen[1].Data["ids"]!.AsArray().Select(static id => (string)id!));
    }

    [Fact]
    public async Task Start_WithWhatTheLedgerHolds_NotesNothing()
    {
        await RunAsync(async book => await SeenAsync(book, 2));

        var seen = await RunAsync(async book =>
        {
            _peppers.Replace([RandomNumberGenerator.GetBytes(PepperRing.PepperSize)]);
            await Poll.UntilAsync(() =>
            {
                _time.Advance(ObservationService.Period);
                return Task.FromResult(string.Equals(Observed(book)[^1].Text("newest"), $"{_peppers.NewestId:x16}", StringComparison.Ordinal));
            }).DefaultTimeout();
        });

        Assert.Equal([LedgerAct.PolicyObserved, LedgerAct.PepperObserved, LedgerAct.PepperObserved], seen.Select(static entry => entry.Act));
    }

    [Fact]
    public async Task Look_AtSomethingElse_NotesIt()
    {
        var seen = await RunAsync(async book =>
        {
            await SeenAsync(book, 2);
            _policies.Take(Read("sign_up: {cap: CHALLENGE}"));
            await SeenAsync(book, 3);
            _peppers.Replace([RandomNumberGenerator.GetBytes(PepperRing.PepperSize), RandomNumberGenerator.GetBytes(PepperRing.PepperSize)]);
            await SeenAsync(book, 4);
        });

        Assert.Equal(_policies.Status.InForce.Revision, seen[2].Text("revision"));
        Assert.True((bool)seen[2].Data["is_file"]!);
        Assert.Equal(_peppers.Ids.Select(static id => $"{id:x16}"), seen[3].Data["ids"]!.AsArray().Select(static id => (string)id!));
        Assert.Null(_folder.Verify().Fault);
    }

    [Fact]
    public async Task Look_ThatCannotBeEntered_IsLoggedOnceAndTriedAgain()
    {
        await RunAsync(
            async _ => await Poll.UntilAsync(() =>
            {
                _time.Advance(ObservationService.Pause);
                return Task.FromResult(_folder.Logger.Count(EventIds.LedgerNotWritten) >= 3);
            }).DefaultTimeout(),
            static ledger => ledger.Distrust("somebody says so"));

        Assert.Equal(1, _logger.Count(EventIds.ObservationNotNoted));
    }

    private static PolicyFile Read(string yaml) => PolicyFile.Read(Encoding.UTF8.GetBytes(yaml));

    private async Task<IReadOnlyList<LedgerEntry>> RunAsync(Func<AllEntries, Task> during, Action<DeskLedger>? before = null)
    {
        var entries = new AllEntries();
        var observed = new ObservationBook();
        using var ledger = _folder.Open(observed, entries);
        before?.Invoke(ledger);
        using var service = new ObservationService(ledger, observed, _policies, _peppers, _time, _logger);
        await service.StartAsync(default);
        await during(entries);
        await service.StopAsync(default);
        return Observed(entries);
    }

    private Task SeenAsync(AllEntries entries, int count) => Poll.UntilAsync(() =>
    {
        _time.Advance(ObservationService.Period);
        return Task.FromResult(Observed(entries).Count == count);
    }).DefaultTimeout();

    private static List<LedgerEntry> Observed(AllEntries entries) =>
        [.. entries.Entries.Where(static entry => entry.Act is LedgerAct.PolicyObserved or LedgerAct.PepperObserved)];

    private sealed class AllEntries : ILedgerBook
    {
        public ConcurrentQueue<LedgerEntry> Entries { get; } = new();

        public void Read(LedgerEntry entry) => Entries.Enqueue(entry);
    }
}
