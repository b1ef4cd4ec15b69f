using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSec.Cryptography;
using Prometheus;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Benchmarks.Ledger;

/// <summary>What the desk's ledger takes: to enter acts, beside a bare loop of writes and fsyncs of the same bytes, and to open and verify a long one.</summary>
internal static class LedgerRun
{
    public const int DefaultEntries = 100_000;
    public const int FewestEntries = 1000;
    public const int MostEntries = 2_000_000;
    private const int ActsOfASide = 500;
    private const int SignaturesOfASide = 20_000;
    private static readonly LedgerActor Somebody = new("privacy-desk", "spiffe://example.org/privacy", new string('a', 64));

    /// <summary>Runs it in a folder of its own below one, and removes that.</summary>
    public static async Task RunAsync(int entries, int rounds, string below, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(below, $"ledger-{Path.GetRandomFileName()}")).FullName;
        try
        {
            var keyPath = Path.Combine(folder, "ledger.key");
            using (var key = Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }))
            {
                await File.WriteAllBytesAsync(keyPath, key.Export(KeyBlobFormat.PkixPrivateKeyText), cancellationToken);
            }

            var acts = new List<(double Ledger, double Bare)>();
            for (var round = 0; round <= rounds; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ledger = await ActAsync(folder, keyPath);
                if (round > 0) // the first one compiles
                {
                    acts.Add((ledger.ActsPerSecond, Bare(folder, ledger.EntryBytes)));
                }
            }

            File.Delete(Path.Combine(folder, LedgerFile.Name));
            Plant(folder, keyPath, entries);
            var opened = Open(folder, keyPath);
            var verified = Verify(folder, entries, cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                acts/s (two entries each, one after the other): {Median(acts.Select(static one => one.Ledger)):0}, of a bare loop of write and fsync of the same bytes: {Median(acts.Select(static one => one.Bare)):0}
                acts/s / bare loop: {Median(acts.Select(static one => one.Ledger / one.Bare)):0.00} [{acts.Min(static one => one.Ledger / one.Bare):0.00}-{acts.Max(static one => one.Ledger / one.Bare):0.00}], {rounds} rounds
                verified entries/s: {entries / verified.Seconds:0}, Ed25519 verifications/s alone: {verified.SignaturesPerSecond:0}, ratio {entries / verified.Seconds / verified.SignaturesPerSecond:0.00}
                start over {entries} entries: {opened.Seconds:0.00} s, {opened.Bytes / 1e6:0.0} MB held afterwards; to verify them {verified.Seconds:0.0} s
                """));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double ActsPerSecond, int EntryBytes)> ActAsync(string folder, string keyPath)
    {
        using var ledger = New(folder, keyPath);
        var (before, begun) = (new FileInfo(ledger.FilePath).Length, TimeProvider.System.GetTimestamp());
        for (var i = 0; i < ActsOfASide; i++)
        {
            await ledger.ActAsync(LedgerAct.SubjectErase, Somebody, Intent(), static _ => Task.FromResult(new Acted<int>(0, Outcome())));
        }

        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        return (ActsOfASide / seconds, (int)((new FileInfo(ledger.FilePath).Length - before) / (2 * ActsOfASide)));
    }

    private static double Bare(string folder, int bytes)
    {
        var path = Path.Combine(folder, "bare");
        var line = new byte[bytes];
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var begun = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 2 * ActsOfASide; i++)
        {
            file.Write(line);
            file.Flush(flushToDisk: true);
        }

        return ActsOfASide / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    // Without a desk, which would wait for the disk at each.
    private static void Plant(string folder, string keyPath, int entries)
    {
        using var key = LedgerKey.Read(keyPath, out _)!;
        using var file = File.Create(Path.Combine(folder, LedgerFile.Name));
        var chain = new LedgerChain();
        for (var seq = 1; seq <= entries; seq++)
        {
            var (phase, act) = seq == 1 ? (LedgerPhase.Note, LedgerAct.LedgerBegun) : (seq % 2 == 0 ? LedgerPhase.Intent : LedgerPhase.Outcome, LedgerAct.SubjectErase);
            var data = seq == 1 ? new JsonObject { [LedgerChain.PublicKeyName] = key.PublicKey } : phase == LedgerPhase.Intent ? Intent() : Outcome();
            var entry = new LedgerEntry(seq, TimeProvider.System.GetUtcNow(), phase, act, phase == LedgerPhase.Outcome ? seq - 1 : null, seq == 1 ? null : Somebody, data);
            var bytes = LedgerLine.Encode(entry, chain.Head?.Ledger, chain.Head?.Hash ?? LedgerLine.NoHash, key);
            file.Write(bytes);
            if (chain.Take(bytes.AsSpan(..^1), checkSignature: false, out _) is { } fault)
            {
                throw new BenchmarkException(fault);
            }
        }
    }

    private static (double Seconds, long Bytes) Open(string folder, string keyPath)
    {
        var (before, begun) = (GC.GetTotalMemory(forceFullCollection: true), TimeProvider.System.GetTimestamp());
        using var ledger = New(folder, keyPath);
        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        return (seconds, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    private static (double Seconds, double SignaturesPerSecond) Verify(string folder, int entries, CancellationToken cancellationToken)
    {
        using var file = LedgerFile.OpenToRead(Path.Combine(folder, LedgerFile.Name));
        var begun = TimeProvider.System.GetTimestamp();
        var found = LedgerVerification.Of(file, since: null, publicKey: null, cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        if (found.Fault is not null || found.Entries < entries)
        {
            throw new BenchmarkException($"The ledger does not verify: {found.Fault}.");
        }

        begun = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < SignaturesOfASide; i++)
        {
            _ = found.Head!.IsSigned();
        }

        return (seconds, SignaturesOfASide / TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
    }

    private static DeskLedger New(string folder, string keyPath) => new(
        Options.Create(new LedgerOptions { Path = folder, KeyPath = keyPath }), [], TimeProvider.System,
        new LedgerMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), NullLogger<DeskLedger>.Instance);

    private static JsonObject Intent() => new() { ["proof"] = "decision_token", ["significant_bits"] = 32 };

    private static JsonObject Outcome() => new() { ["records"] = 2, ["report_lists"] = 1, ["replicas"] = 1, ["confirmed"] = true };

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
