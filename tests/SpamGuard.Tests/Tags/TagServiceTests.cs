using System.Text;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Tags;
using SpamGuard.Testing;
using SpamGuard.Tests.Epochs;

namespace SpamGuard.Tests.Tags;

public sealed class TagServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tags").FullName;
    private readonly SteppedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly RecordingLogger<TagService> _log = new();
    private readonly RecordingLogger<FileWatch> _watchLog = new();
    private LiveTags? _live;
    private TagService? _service;

    public void Dispose()
    {
        _service?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Service_Started_HasTheTagsOfTheFirstReading()
    {
        Write("tor.txt", "198.18.0.7");
        await StartAsync();
        await _time.StepUntilAsync(() => true);

        Assert.Equal(["tor"], Of("198.18.0.7"));
        Assert.Equal(["spamguard_tag_prefixes{tag=\"tor\"} 1"], await SamplesAsync("spamguard_tag_prefixes"));
        Assert.Equal(["spamguard_tag_files_rejected 0"], await SamplesAsync("spamguard_tag_files_rejected"));
        Assert.Equal(
            ["spamguard_tag_reloads_total{result=\"applied\"} 0", "spamguard_tag_reloads_total{result=\"rejected\"} 0"],
            await SamplesAsync("spamguard_tag_reloads_total"));
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Service_WhenFilesChange_PutsThemInForceAndDropsWhatIsGone()
    {
        Write("tor.txt", "198.18.0.7");
        await StartAsync();
        Write("vpn.txt", "198.18.0.0/24\n198.18.1.0/24");
        File.Delete(Path.Combine(_folder, "tor.txt"));

        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesApplied) == 1);

        Assert.Equal(["vpn"], Of("198.18.0.7"));
        Assert.Equal(["spamguard_tag_prefixes{tag=\"vpn\"} 2"], await SamplesAsync("spamguard_tag_prefixes"));
        Assert.Contains("spamguard_tag_reloads_total{result=\"applied\"} 1", await SamplesAsync("spamguard_tag_reloads_total"));
        Assert.Equal("The files of tags are in force: 1 tags, 2 networks.", Assert.Single(_log.Entries).Text);
    }

    [Fact]
    public async Task Service_WhileAWriterStandsStill_KeepsTheLastGoodTagsAndSaysSoOnce()
    {
        var old = new MmdbFile("Our-Own", 4).Add("198.18.0.0/24", Record("mobile")).ToArray();
        var next = new MmdbFile("Our-Own", 4).Add("198.18.0.0/24", Record("carrier_nat")).ToArray();
        Write("own.mmdb", old);
        Write("tor.txt", "198.18.0.7");
        await StartAsync();

        Write("tor.txt", "198.18.0.8"); // good, but not a whole with the next
        Write("own.mmdb", next[..(next.Length / 2)]);
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesRejected) == 1);
        await StepAsync(10);

        Assert.Equal(["mobile", "tor"], Of("198.18.0.7"));
        Assert.Equal(1, _log.Count(EventIds.TagFilesRejected));
        Assert.StartsWith(
            "The files of tags can't be taken, and the tags stay as they were. Tags:Path: found own.mmdb, which is ", _log.Entries[0].Text, StringComparison.Ordinal);
        Assert.Equal(["spamguard_tag_files_rejected 1"], await SamplesAsync("spamguard_tag_files_rejected"));
        Assert.Contains("spamguard_tag_reloads_total{result=\"rejected\"} 1", await SamplesAsync("spamguard_tag_reloads_total"));

        Write("own.mmdb", next);
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesApplied) == 1);

        Assert.Equal(["carrier_nat"], Of("198.18.0.7"));
        Assert.Equal(["carrier_nat", "tor"], Of("198.18.0.8"));
        Assert.Equal(["spamguard_tag_files_rejected 0"], await SamplesAsync("spamguard_tag_files_rejected"));
        Assert.Equal(1, _log.Count(EventIds.TagFilesRejected));
    }

    [Fact]
    public async Task Service_OfARejectedChangeThatIsTakenBack_IsNoLongerRejected()
    {
        Write("tor.txt", "198.18.0.7");
        await StartAsync();
        Write("tor.txt", "nonsense");
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesRejected) == 1);
        Write("tor.txt", "198.18.0.7");
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesApplied) == 1);

        Assert.Equal(["spamguard_tag_files_rejected 0"], await SamplesAsync("spamguard_tag_files_rejected"));
    }

    [Fact]
    public async Task Service_WhenTheFolderGoes_KeepsTheTags()
    {
        Write("tor.txt", "198.18.0.7");
        await StartAsync();
        Directory.Delete(_folder, recursive: true);
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesRejected) == 1);

        Assert.Equal(["tor"], Of("198.18.0.7"));
        Directory.CreateDirectory(_folder);
    }

    [Fact]
    public async Task Service_WhenALinkTurnsRound_TakesTheOtherFolder()
    {
        Mount("..2026_1", "198.18.0.7");
        await StartAsync();
        Assert.Equal(["tor"], Of("198.18.0.7"));
        Mount("..2026_2", "198.18.0.8");
        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesApplied) == 1);

        Assert.Empty(Of("198.18.0.7"));
        Assert.Equal(["tor"], Of("198.18.0.8"));
    }

    [Fact]
    public async Task Service_FileBeyondTheLimit_IsRefusedWithoutBeingRead()
    {
        await StartAsync();
        await using (var sparse = File.Create(Path.Combine(_folder, "tor.txt")))
        {
            sparse.SetLength(TagFiles.MaxBytes + 1L);
        }

        await _time.StepUntilAsync(() => _log.Count(EventIds.TagFilesRejected) == 1);

        Assert.Contains("found tor.txt, a file of more than 268435456 bytes; allowed are ", Assert.Single(_log.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithoutAFolder_HasNoTagsAndNoWatch()
    {
        var options = Options.Create(new TagOptions());
        _live = new LiveTags(options);
        _service = new TagService(options, _live, new TagMetrics(Metrics.WithCustomRegistry(_registry)), _log);
        await _service.StartAsync(default);
        await _service.ExecuteTask!.DefaultTimeout();

        Assert.Same(AddressTags.None, _live.Current);
    }

    private static Dictionary<string, object> Record(string tag) => new() { ["tags"] = new[] { tag } };

    private async Task StartAsync()
    {
        var watch = new FileWatch(_folder, TagFiles.IsOne, TagFiles.MaxBytes, _time, _watchLog) { WithNotices = false };
        var options = Options.Create(new TagOptions { Path = _folder, First = TagReading.Of(watch) });
        Assert.Empty(options.Value.First!.Faults);
        _live = new LiveTags(options);
        _service = new TagService(options, _live, new TagMetrics(Metrics.WithCustomRegistry(_registry)), _log);
        await _service.StartAsync(default);
    }

    private string[] Of(string address) => ClientAddress.TryParse(address, out var parsed) ? _live!.Current.Of(parsed) : throw new ArgumentException("no address", nameof(address));

    private async Task<IEnumerable<string>> SamplesAsync(string metric)
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray()).Split('\n').Where(line => line.StartsWith(metric, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private async Task StepAsync(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await _time.StepAsync();
        }
    }

    private void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);

    private void Mount(string target, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, target));
        Write($"{target}/tor.txt", text);
        ProjectedVolume.Turn(_folder, target);
        if (!File.Exists(Path.Combine(_folder, "tor.txt")))
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "tor.txt"), "..data/tor.txt");
        }
    }
}
