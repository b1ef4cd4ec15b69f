using NSec.Cryptography;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Testing.Transparency;

/// <summary>A folder with a ledger of entries that were made up, and the key that signs it. Written at once: a desk would wait for the disk at each.</summary>
internal sealed class LedgerOnDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("transparency-");

    public LedgerOnDisk(IReadOnlyList<LedgerEntry> entries)
    {
        using (var key = Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }))
        {
            File.WriteAllBytes(KeyPath, key.Export(KeyBlobFormat.PkixPrivateKeyText));
        }

        using var signs = LedgerKey.Read(KeyPath, out _)!;
        using var file = File.Create(FilePath);
        var chain = new LedgerChain();
        foreach (var entry in entries)
        {
            if (entry.Act == LedgerAct.LedgerBegun)
            {
                entry.Data[LedgerChain.PublicKeyName] = signs.PublicKey;
            }

            var bytes = LedgerLine.Encode(entry, chain.Head?.Ledger, chain.Head?.Hash ?? LedgerLine.NoHash, signs);
            file.Write(bytes);
            if (chain.Take(bytes.AsSpan(..^1), checkSignature: false, out _) is { } fault)
            {
                throw new InvalidOperationException(fault);
            }
        }
    }

    public string Folder => _folder.FullName;

    public string KeyPath => Path.Combine(Folder, "ledger.key");

    public string FilePath => Path.Combine(Folder, LedgerFile.Name);

    /// <summary>What a desk must be told to open it.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [LedgerOptions.PathKey] = Folder,
        [LedgerOptions.KeyPathKey] = KeyPath,
    };

    /// <summary>All entries, as they are read back.</summary>
    public IReadOnlyList<LedgerEntry> Read()
    {
        using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. LedgerLines.Read(file).Select(static line => LedgerLine.TryRead(line.Bytes.Span, out var read, out var fault) ? read.Entry : throw new InvalidOperationException(fault))];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
