using System.Collections.Concurrent;
using System.Text;
using SpamGuard.Testing;
using SpamGuard.Tests.Epochs;

namespace SpamGuard.Tests;

/// <summary>On real folders. With a stepped clock and polls alone each turn is looked at; with the system's notices, what they bring is waited for.</summary>
public sealed class FileWatchTests : IDisposable
{
    private const int MaxBytes = 100;

    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("watch").FullName;
    private readonly SteppedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly ConcurrentQueue<WatchedFiles> _handed = new();
    private readonly RecordingLogger<FileWatch> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private int _failures;

    public void Dispose()
    {
        _stop.Cancel();
        _run.Wait(Deadline.Default);
        _stop.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Run_WithNothingKnown_HandsOverWhatIsThere()
    {
        Write("b.txt", "2");
        Write("a.txt", "1");
        Write("a.other", "0");
        Directory.CreateDirectory(Path.Combine(_folder, "c.txt"));
        Start(Polling());

        await _time.StepUntilAsync(() => _handed.Count == 1);

        Assert.Equal("a.txt=1 b.txt=2", Last());
    }

    [Fact]
    public async Task Run_AfterARead_HandsOverChangesOnly()
    {
        Write("a.txt", "1");
        var watch = Polling();
        Assert.Equal("a.txt=1", Text(watch.Read()));
        Start(watch);
        await StepAsync(10);
        Assert.Empty(_handed);

        Write("a.txt", "2");
        await _time.StepUntilAsync(() => !_handed.IsEmpty);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.txt"), DateTime.UnixEpoch);
        await StepAsync(10);

        Assert.Equal(["a.txt=2"], _handed.Select(Text));
    }

    [Fact]
    public async Task Run_WhileAFileIsWrittenSlowly_HandsOverTheWholeOnly()
    {
        Write("a.txt", "old and whole");
        var watch = Polling();
        watch.Read();
        Start(watch);
        await WaitingAsync();

        await using (var file = new FileStream(Path.Combine(_folder, "a.txt"), FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite))
        {
            foreach (var part in new[] { "new ", "and ", "longer ", "and whole" })
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(part));
                await file.FlushAsync();
                await _time.StepAsync();
                await WaitingAsync();
            }
        }

        await StepAsync(10);
        Assert.Equal(["a.txt=new and longer and whole"], _handed.Select(Text));
    }

    [Fact]
    public async Task Run_OfContentThatComesBackWhileItSettles_HandsNothingOver()
    {
        Write("a.txt", "1");
        var watch = Polling();
        watch.Read();
        Start(watch);
        await WaitingAsync();
        Write("a.txt", "torn");
        await _time.StepAsync(); // found by a poll
        await WaitingAsync(); // settles
        Write("a.txt", "1");
        await StepAsync(10);

        Assert.Empty(_handed);
    }

    [Fact]
    public async Task Run_OfWhatIsReadAndNotHandedOver_ZeroesIt()
    {
        Write("a.txt", "1");
        var read = new ConcurrentQueue<WatchedFiles>();
        var watch = Polling((folder, isWatched, maxBytes) =>
        {
            read.Enqueue(WatchedFiles.Read(folder, isWatched, maxBytes));
            return read.Last();
        });
        watch.Read();
        Start(watch);
        await WaitingAsync();
        Write("a.txt", "2");
        await _time.StepUntilAsync(() => !_handed.IsEmpty);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.txt"), DateTime.UnixEpoch);
        await _time.StepUntilAsync(() => read.Count == 4); // touched: read, and not handed over
        await WaitingAsync();

        Assert.Equal("a.txt=2", Last());
        Assert.Equal(["a.txt=1", "a.txt=\0", "a.txt=2", "a.txt=\0"], read.Select(Text)); // the first is whose Read it was
    }

    [Fact]
    public async Task Run_OfAFolderThatGoesAndComesBack_TellsBoth()
    {
        Write("a.txt", "1");
        Start(Polling());
        await _time.StepUntilAsync(() => _handed.Count == 1);

        Directory.Delete(_folder, recursive: true);
        await _time.StepUntilAsync(() => _handed.Count == 2);
        Assert.Equal("no folder", Last());

        Directory.CreateDirectory(_folder);
        await _time.StepUntilAsync(() => _handed.Count == 3);
        Assert.Equal("", Last());

        Write("a.txt", "2");
        await _time.StepUntilAsync(() => _handed.Count == 4);
        Assert.Equal("a.txt=2", Last());
    }

    [Fact]
    public async Task Run_WithATakerThatThrows_LogsItOnceAndGoesOn()
    {
        _failures = 1;
        Write("a.txt", "1");
        Start(Polling());
        await _time.StepUntilAsync(() => _log.Count(EventIds.FileChangeFailed) == 1);
        await StepAsync(10);
        Assert.Empty(_handed);

        Write("a.txt", "2");
        await _time.StepUntilAsync(() => !_handed.IsEmpty);

        Assert.Equal("a.txt=2", Last());
        Assert.Equal(1, _log.Count(EventIds.FileChangeFailed));
        Assert.DoesNotContain("hunter2", Assert.Single(_log.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenALinkTurnsRound_HandsOverEachFolderAsAWhole()
    {
        Turn("..2026_1", "1");
        foreach (var name in new[] { "a.txt", "b.txt" })
        {
            File.CreateSymbolicLink(Path.Combine(_folder, name), Path.Combine("..data", name));
        }

        Start(Noticing());
        await HandedAsync("a.txt=1 b.txt=1");
        Turn("..2026_2", "2");
        await HandedAsync("a.txt=2 b.txt=2");
        Directory.Delete(Path.Combine(_folder, "..2026_1"), recursive: true);
        Turn("..2026_3", "3");
        await HandedAsync("a.txt=3 b.txt=3");

        Assert.Equal(["a.txt=1 b.txt=1", "a.txt=2 b.txt=2", "a.txt=3 b.txt=3"], _handed.Select(Text));
    }

    [Fact]
    public async Task Run_WhenAFileIsRenamedOver_HandsItOver()
    {
        Write("a.txt", "1");
        Start(Noticing());
        await HandedAsync("a.txt=1");
        for (var i = 2; i < 5; i++)
        {
            Write("a.new", $"{i}");
            File.Move(Path.Combine(_folder, "a.new"), Path.Combine(_folder, "a.txt"), overwrite: true);
            await HandedAsync($"a.txt={i}");
        }
    }

    [Fact]
    public async Task Run_WhenAFileIsDeletedAndReturns_TellsBoth()
    {
        Write("a.txt", "1");
        Write("b.txt", "not watched");
        Start(FileWatch.Of(Path.Combine(_folder, "a.txt"), MaxBytes, TimeProvider.System, _log));
        await HandedAsync("a.txt=1");
        File.Delete(Path.Combine(_folder, "a.txt"));
        await HandedAsync("");
        Write("a.txt", "1");
        await HandedAsync("a.txt=1");
    }

    [Fact]
    public async Task Run_WhileOtherFilesChange_StillNoticesItsOwn()
    {
        Write("a.txt", "1");
        Start(Noticing());
        await HandedAsync("a.txt=1");
        for (var i = 0; i < 100; i++)
        {
            Write("busy.log", $"{i}");
        }

        Write("a.txt", "2");
        await HandedAsync("a.txt=2");
    }

    [Fact]
    public async Task Run_WithoutNotices_StillFindsATurnedLink()
    {
        Turn("..2026_1", "1");
        File.CreateSymbolicLink(Path.Combine(_folder, "a.txt"), Path.Combine("..data", "a.txt"));
        Start(Polling());
        await _time.StepUntilAsync(() => _handed.Count == 1);
        Turn("..2026_2", "2");
        await _time.StepUntilAsync(() => _handed.Count == 2);

        Assert.Equal(["a.txt=1", "a.txt=2"], _handed.Select(Text));
    }

    [Fact]
    public async Task Run_Stopped_Returns()
    {
        Start(Noticing());
        await HandedAsync("");
        await _stop.CancelAsync();

        await _run.DefaultTimeout();
    }

    [Fact]
    public void Read_OfWhatCannotBeRead_SaysWhichAndWhy()
    {
        Write("a.txt", "1");
        File.CreateSymbolicLink(Path.Combine(_folder, "b.txt"), "nowhere");
        var files = Polling().Read();

        Assert.Null(files.Fault);
        Assert.Equal([null, "a file that can't be read (FileNotFoundException)"], files.Files.Select(file => file.Fault));
    }

    [Fact]
    public void Read_OfAFileBeyondTheLimit_IsAFaultAndHasNoContent()
    {
        Write("a.txt", new string('a', MaxBytes));
        Write("b.txt", new string('b', MaxBytes + 1));
        File.CreateSymbolicLink(Path.Combine(_folder, "c.txt"), "/dev/zero");
        var files = Polling().Read().Files;

        Assert.Equal([null, "a file of more than 100 bytes", "a file of more than 100 bytes"], files.Select(file => file.Fault));
        Assert.Equal([MaxBytes, 0, 0], files.Select(file => file.Content.Length));
    }

    private static string Text(WatchedFiles files) =>
        files.Fault ?? string.Join(' ', files.Files.Select(file => $"{file.Name}={Encoding.ASCII.GetString(file.Content)}"));

    private FileWatch Polling(Func<string, Predicate<string>, int, WatchedFiles>? reader = null) =>
        new(_folder, IsText, MaxBytes, _time, _log) { WithNotices = false, Reader = reader ?? WatchedFiles.Read };

    // Polls never come: what is handed over was noticed.
    private FileWatch Noticing() => new(_folder, IsText, MaxBytes, TimeProvider.System, _log) { Poll = Never, Settle = TimeSpan.FromMilliseconds(20) };

    private static bool IsText(string name) => name.EndsWith(".txt", StringComparison.Ordinal);

    private void Start(FileWatch watch) => _run = Task.Run(() => watch.RunAsync(Take, _stop.Token));

    private void Take(WatchedFiles files)
    {
        if (_failures-- > 0)
        {
            throw new InvalidTimeZoneException("hunter2");
        }

        _handed.Enqueue(files);
    }

    private string Last() => Text(_handed.Last());

    private Task HandedAsync(string text) => Poll.UntilAsync(() => Task.FromResult(!_handed.IsEmpty && Last() == text)).DefaultTimeout();

    private Task WaitingAsync() => _time.StepUntilAsync(() => true);

    private async Task StepAsync(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await _time.StepAsync();
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private void Turn(string target, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, target));
        Write($"{target}/a.txt", text);
        Write($"{target}/b.txt", text);
        ProjectedVolume.Turn(_folder, target);
    }
}
