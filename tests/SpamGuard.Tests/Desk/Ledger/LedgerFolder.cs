using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>A folder for a ledger, and the key that signs it, for the time of a test.</summary>
internal sealed class LedgerFolder : IDisposable
{
    public static readonly LedgerActor Somebody = new("support", "spiffe://example.org/support", new string('a', 64));

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

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    public RecordingLogger<DeskLedger> Logger { get; } = new();

    public static void NewKey(string path)
    {
        using var key = NSec.Cryptography.Key.Create(
            NSec.Cryptography.SignatureAlgorithm.Ed25519, new() { ExportPolicy = NSec.Cryptography.KeyExportPolicies.AllowPlaintextExport });
        File.WriteAllBytes(path, key.Export(NSec.Cryptography.KeyBlobFormat.PkixPrivateKeyText));
    }

    public DeskLedger Open(params ILedgerBook[] books)
    {
        var options = new LedgerOptions { Path = Folder, KeyPath = KeyPath, PreviousKeyPath = PreviousKeyPath };
        return new DeskLedger(Options.Create(options), books, Time, new LedgerMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), Logger);
    }

    public static Task<int> ActAsync(DeskLedger ledger, int result = 0) =>
        ledger.ActAsync(LedgerAct.OverrideSet, Somebody, new JsonObject { ["verdict"] = "allow" }, _ => Task.FromResult(new Acted<int>(result, new JsonObject { ["number"] = result })));

    public LedgerVerification Verify(LedgerHead? since = null)
    {
        using var file = File.OpenRead(FilePath);
        return LedgerVerification.Of(file, since, publicKey: null, CancellationToken.None);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
