using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Testing;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Epochs;

/// <summary>Peppers of a mounted folder, exchanged while the process runs.</summary>
public sealed class PepperServiceTests : IDisposable
{
    private static readonly EpochCalendar Calendar = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("peppers").FullName;
    private readonly SteppedTime _time = new(Start);
    private readonly VirtualClock _there = new();
    private readonly InProcessSignalStore _store;
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly RecordingLogger<PepperService> _log = new();
    private PepperRing? _ring;
    private EpochKeeper? _epochs;
    private PepperService? _service;

    public PepperServiceTests()
    {
        _store = new InProcessSignalStore(_there);
        At(Start.ToUnixTimeSeconds());
    }

    private long Now => _there.GetUtcNow().ToUnixTimeSeconds();

    private EpochKeeper Epochs => _epochs!;

    public void Dispose()
    {
        _service?.StopAsync(default).Wait(Deadline.Default);
        _service?.Dispose();
        _epochs?.Dispose();
        _ring?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task NewPepper_OfAFile_IsInForceFromTheNextEpochOn()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();
        var first = Epochs.Live(Now)!.Current(RetentionClass.Address);

        Write("2026-03.pepper", 2);
        await AppliedAsync(1);
        await Epochs.RefreshAsync(Now, default);
        Assert.Equal(first, Epochs.Live(Now)!.Current(RetentionClass.Address));

        At(Calendar.Start(first.Id.Next) - 60);
        await Epochs.RefreshAsync(Now, default);
        At(Calendar.Start(first.Id.Next));
        var live = Epochs.Live(Now)!;
        Assert.Equal((Id(2), Id(1)), (live.Current(RetentionClass.Address).PepperId, live.Previous(RetentionClass.Address)!.PepperId));
        Assert.Equal(Id(1), live.Current(RetentionClass.Network).PepperId);
        Assert.Contains("spamguard_peppers_loaded 2\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewPepper_OfAVolumeThatIsTurned_IsInForce()
    {
        Mount("..2026_1", ("2026-01.pepper", 1));
        File.CreateSymbolicLink(Path.Combine(_folder, "2026-01.pepper"), "..data/2026-01.pepper");
        await StartAsync();

        Mount("..2026_2", ("2026-01.pepper", 1), ("2026-03.pepper", 2));
        File.CreateSymbolicLink(Path.Combine(_folder, "2026-03.pepper"), "..data/2026-03.pepper");
        await AppliedAsync(1);

        Assert.Equal((Id(2), 2), (_ring!.NewestId, _ring.Count));
    }

    [Fact]
    public async Task BadFile_WhileRunning_ChangesNothingAndIsToldOnceWithoutItsContent()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();

        File.WriteAllText(Path.Combine(_folder, "2026-03.pepper"), "hunter2");
        await RejectedAsync(1);
        for (var i = 0; i < 10; i++)
        {
            await _time.StepAsync();
        }

        Assert.Equal((Id(1), 1, 1), (_ring!.NewestId, _ring.Count, _log.Count(EventIds.PeppersRejected)));
        Assert.Contains("2026-03.pepper, a file of 7 bytes", _log.Entries[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains("spamguard_pepper_files_rejected 1\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("spamguard_pepper_reloads_total{result=\"rejected\"} 1\n", await MetricsAsync(), StringComparison.Ordinal);

        Write("2026-03.pepper", 2);
        await AppliedAsync(1);
        Assert.Contains("spamguard_pepper_files_rejected 0\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PepperOfALiveEpoch_TakenAway_StaysAndIsNamedById()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();

        Write("2026-03.pepper", 2);
        File.Delete(Path.Combine(_folder, "2026-01.pepper"));
        await RejectedAsync(1);

        Assert.Equal((Id(1), 1), (_ring!.NewestId, _ring.Count));
        var fault = _log.Entries.Single(entry => entry.Id == EventIds.PeppersRejected).Text;
        Assert.Contains($"Pepper {Id(1):x16} is not among them, and the address epoch ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Pepper(1))[..8], fault, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexString(Pepper(2))[..8], fault, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task PepperOfALiveEpoch_TakenAway_IsForgottenOnceNoEpochNamesIt()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();
        Write("2026-03.pepper", 2);
        await AppliedAsync(1);
        var named = Calendar.At(RetentionClass.Network, Now);
        File.Delete(Path.Combine(_folder, "2026-01.pepper"));
        await RejectedAsync(1);
        for (var i = 0; i < 10; i++)
        {
            await _time.StepAsync();
        }

        Assert.Equal((2, 1), (_ring!.Count, _log.Count(EventIds.PeppersRejected))); // told once
        Assert.Contains("spamguard_pepper_reloads_total{result=\"rejected\"} 1\n", await MetricsAsync(), StringComparison.Ordinal);

        for (var epoch = Calendar.At(RetentionClass.Address, Now); Now < Calendar.End(named); epoch = epoch.Next)
        {
            At(Math.Min(Calendar.Start(epoch.Next), Calendar.End(named)));
            await Epochs.RefreshAsync(Now, default);
        }

        await AppliedAsync(2); // nobody has touched a file

        Assert.Null(_ring.Find(Id(1)));
        Assert.Contains("spamguard_pepper_files_rejected 0\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pepper_TakenAwayBeforeTheStoreHasToldWhatIsLive_StaysUntilItHas()
    {
        Write("2026-01.pepper", 1);
        Write("2026-03.pepper", 2);
        await StartAsync(knowing: false);

        File.Delete(Path.Combine(_folder, "2026-01.pepper"));
        await RejectedAsync(1);

        Assert.Equal(2, _ring!.Count);
        Assert.Contains($"Pepper {Id(1):x16} is not among them, and whether a live epoch names it can't be told", _log.Entries[^1].Text, StringComparison.Ordinal);

        await Epochs.RefreshAsync(Now, default);
        await AppliedAsync(1);
        Assert.Null(_ring.Find(Id(1)));
    }

    [Fact]
    public async Task NewPepper_AddedBeforeTheStoreHasToldWhatIsLive_IsTaken()
    {
        Write("2026-01.pepper", 1);
        await StartAsync(knowing: false);

        Write("2026-03.pepper", 2);
        await AppliedAsync(1);

        Assert.Equal(Id(2), _ring!.NewestId);
    }

    [Fact]
    public async Task PepperOfNoEpochAnyMore_TakenAway_IsForgotten()
    {
        Write("2026-01.pepper", 1);
        Write("2026-03.pepper", 2);
        await StartAsync();
        Assert.NotNull(_ring!.Find(Id(1)));

        File.Delete(Path.Combine(_folder, "2026-01.pepper"));
        await AppliedAsync(1);

        Assert.Null(_ring.Find(Id(1)));
    }

    [Fact]
    public async Task EverythingTakenAway_WhileRunning_ChangesNothing()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();

        File.Delete(Path.Combine(_folder, "2026-01.pepper"));
        await RejectedAsync(1);

        Assert.Equal(Id(1), _ring!.NewestId);
        Assert.Contains("Found a folder without files; allowed is ", _log.Entries[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewPepper_ThatOnlyTheOtherProcessHas_IsToldAheadAndHarmlessOnceItIsThere()
    {
        Write("2026-01.pepper", 1);
        await StartAsync();
        using var ring = new PepperRing(Pepper(2), Pepper(1));
        using var other = Keeper(ring, Metrics.NewCustomRegistry());
        var epoch = Calendar.At(RetentionClass.Address, Now).Next;
        At(Calendar.Start(epoch) - 500);
        await other.RefreshAsync(Now, default);

        var missing = await Assert.ThrowsAsync<PepperMissingException>(async () => await Epochs.RefreshAsync(Now, default));
        Assert.Equal(epoch, missing.Epoch);
        Assert.Contains("spamguard_pepper_missing 1\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.NotNull(Epochs.Live(Now));
        Assert.Null(Epochs.LiveWithoutPepper(Now)); // not yet: it is ready
        Assert.NotNull(Epochs.LiveWithoutPepper(Calendar.Start(epoch)));

        Write("2026-03.pepper", 2);
        await AppliedAsync(1);
        await Epochs.RefreshAsync(Now, default);
        At(Calendar.Start(epoch));

        Assert.Null(Epochs.LiveWithoutPepper(Now));
        Assert.Equal(Token(other), Token(Epochs));
        Assert.Contains("spamguard_pepper_missing 0\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_OpenToEverybody_AreWarnedOf()
    {
        Write("2026-01.pepper", 1);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, "2026-01.pepper"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        await StartAsync();
        await _time.StepUntilAsync(() => _log.Count(EventIds.PepperOpenToAll) == 1);

        Assert.Contains("2026-01.pepper", _log.Entries.Single(entry => entry.Id == EventIds.PepperOpenToAll).Text, StringComparison.Ordinal);
    }

    private static byte[] Pepper(byte value) => [.. Enumerable.Repeat(value, PepperRing.PepperSize)];

    private static ulong Id(byte value) => PepperRing.Name(Pepper(value));

    private void At(long time) => _there.Set(DateTimeOffset.FromUnixTimeSeconds(time));

    private void Write(string name, byte pepper)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, Convert.ToHexString(Pepper(pepper)));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private void Mount(string target, params (string Name, byte Pepper)[] files)
    {
        Directory.CreateDirectory(Path.Combine(_folder, target));
        foreach (var (name, pepper) in files)
        {
            Write(Path.Combine(target, name), pepper);
        }

        ProjectedVolume.Turn(_folder, target);
    }

    private async Task StartAsync(bool knowing = true)
    {
        var watch = new FileWatch(_folder, PepperFiles.IsOne, PepperFiles.MaxBytes, _time, new RecordingLogger<FileWatch>()) { WithNotices = false };
        var files = watch.Read();
        var open = PepperFiles.OpenToAll(files).ToList();
        Assert.True(PepperFiles.TryRead(files, isFolder: true, out var peppers, out var fault), fault);
        _ring = new PepperRing(peppers);
        _epochs = Keeper(_ring, _registry);
        if (knowing)
        {
            await _epochs.RefreshAsync(Now, default);
        }

        _service = new PepperService(
            new PepperReading(watch, IsFolder: true, peppers, fault, open),
            _ring,
            _epochs,
            new StoreClock(_there),
            new PepperMetrics(Metrics.WithCustomRegistry(_registry), _ring),
            _log);
        await _service.StartAsync(default);
    }

    private EpochKeeper Keeper(PepperRing ring, CollectorRegistry registry) =>
        new(_store, ring, Calendar, new EpochMetrics(Metrics.WithCustomRegistry(registry)));

    private SubjectToken Token(EpochKeeper keeper) =>
        keeper.Live(Now)!.Current(RetentionClass.Address).Hasher.Key(SubjectKind.Address, SignUp().Address).Token;

    private Task AppliedAsync(int times) => _time.StepUntilAsync(() => _log.Count(EventIds.PeppersApplied) == times);

    private Task RejectedAsync(int times) => _time.StepUntilAsync(() => _log.Count(EventIds.PeppersRejected) == times);

    private async Task<string> MetricsAsync()
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        return System.Text.Encoding.UTF8.GetString(page.ToArray());
    }
}
