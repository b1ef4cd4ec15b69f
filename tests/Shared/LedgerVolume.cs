using SpamGuard.Desk.Ledger;

namespace SpamGuard.Testing;

/// <summary>The volume of a desk, and the key that signs the ledger on it: a folder and a file, for the time of a test.</summary>
internal sealed class LedgerVolume : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-ledger-");

    public LedgerVolume()
    {
        Directory.CreateDirectory(Folder);
        NewKey(KeyPath);
    }

    /// <summary>The folder of the ledger.</summary>
    public string Folder => Path.Combine(_folder.FullName, "volume");

    /// <summary>The key, elsewhere than the ledger.</summary>
    public string KeyPath => Path.Combine(_folder.FullName, "ledger.key");

    /// <summary>The ledger's file, once a desk has begun it.</summary>
    public string FilePath => Path.Combine(Folder, LedgerFile.Name);

    /// <summary>What the desk is told.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [LedgerOptions.PathKey] = Folder,
        [LedgerOptions.KeyPathKey] = KeyPath,
    };

    /// <summary>Every entry that is whole by now.</summary>
    public IReadOnlyList<LedgerEntry> Entries() => EntriesOf(FilePath);

    /// <summary>The entries of one act.</summary>
    public IReadOnlyList<LedgerEntry> Entries(LedgerAct act) => [.. Entries().Where(entry => entry.Act == act)];

    /// <summary>Every entry of a file that is whole by now.</summary>
    public static IReadOnlyList<LedgerEntry> EntriesOf(string path)
    {
        using var file = Open(path);
        var entries = new List<LedgerEntry>();
        foreach (var line in LedgerLines.Read(file))
        {
            if (line.IsWhole && LedgerLine.TryRead(line.Bytes.Span, out var read, out _))
            {
                entries.Add(read.Entry);
            }
        }

        return entries;
    }

    /// <summary>What whoever verifies it finds.</summary>
    public LedgerVerification Verify()
    {
        using var file = Open(FilePath);
        return LedgerVerification.Of(file, since: null, publicKey: null, CancellationToken.None);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Makes a key as an operator does.</summary>
    public static void NewKey(string path)
    {
        using var key = NSec.Cryptography.Key.Create(
            NSec.Cryptography.SignatureAlgorithm.Ed25519, new() { ExportPolicy = NSec.Cryptography.KeyExportPolicies.AllowPlaintextExport });
        File.WriteAllBytes(path, key.Export(NSec.Cryptography.KeyBlobFormat.PkixPrivateKeyText));
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
}
