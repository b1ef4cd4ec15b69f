using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSec.Cryptography;
using Prometheus;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>A folder for a ledger, and the key that signs it, for the time of a test.</summary>
internal sealed class LedgerFolder : IDisposable
{
    public static readonly LedgerActor Somebody = new("support", "spiffe://example.org/support", new string('a', 64));

    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-");

    public LedgerFolder()
    {
        KeyPath = Path.Combine(_folder.FullName, "ledger.key");
        NewKey(KeyPath);
    }

    public string Folder => _folder.FullName;

    public string KeyPath { get; set; }

    public string? PreviousKeyPath { get; set; }

    public string FilePath => Path.Combine(Folder, LedgerFile.Name);

    public FakeTimeProvider Time { get; } = new(Start);

    public LedgerMetrics LedgerMetrics => field ??= NewMetrics(_registry);

    public RecordingLogger<DeskLedger> Logger { get; } = new();

    public static void NewKey(string path)
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        File.WriteAllBytes(path, key.Export(KeyBlobFormat.PkixPrivateKeyText));
    }

    /// <summary>Makes another key, which is the one from now on.</summary>
    public void ChangeKey(string name)
    {
        (PreviousKeyPath, KeyPath) = (KeyPath, Path.Combine(Folder, name));
        NewKey(KeyPath);
    }

    public static DeskLedger Open(string folder, string keyPath, ILogger<DeskLedger> logger) => new(
        Options.Create(new LedgerOptions { Path = folder, KeyPath = keyPath }), [], new FakeTimeProvider(Start), NewMetrics(Metrics.NewCustomRegistry()), logger);

    public DeskLedger Open(params ILedgerBook[] books)
    {
        var options = new LedgerOptions { Path = Folder, KeyPath = KeyPath, PreviousKeyPath = PreviousKeyPath };
        return new DeskLedger(Options.Create(options), books, Time, LedgerMetrics, Logger);
    }

    /// <summary>A ledger of one entry and so many acts; closed.</summary>
    public byte[] Write(int acts)
    {
        using (var ledger = Open())
        {
            for (var i = 0; i < acts; i++)
            {
                Assert.True(ActAsync(ledger, i).IsCompletedSuccessfully);
            }
        }

        return File.ReadAllBytes(FilePath);
    }

    public static Task<int> ActAsync(DeskLedger ledger, int result = 0) =>
        ledger.ActAsync(LedgerAct.OverrideSet, Somebody, new JsonObject { ["verdict"] = "allow" }, _ => Task.FromResult(new Acted<int>(result, new JsonObject { ["number"] = result })));

    public LedgerVerification Verify(LedgerHead? since = null, string? publicKey = null) => Verify(File.ReadAllBytes(FilePath), since, publicKey);

    public static LedgerVerification Verify(byte[] ledger, LedgerHead? since = null, string? publicKey = null) =>
        LedgerVerification.Of(new MemoryStream(ledger), since, publicKey, CancellationToken.None);

    /// <summary>A line of the metrics of <see cref="Open(ILedgerBook[])"/>'s ledger.</summary>
    public async Task<string> MetricAsync(string name)
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray()).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static LedgerMetrics NewMetrics(CollectorRegistry registry) => new(Metrics.WithCustomRegistry(registry));
}
