using System.Text;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>Everything in the folder of the desk's ledger, which stays when everything else is forgotten.</summary>
internal sealed class LedgerSink(LedgerVolume volume) : ISink
{
    public string Name => "the desk's ledger";

    public bool HoldsBytes => false;

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var lines = new List<string>();
        foreach (var path in Directory.GetFiles(volume.Folder, "*", SearchOption.AllDirectories).Where(static path => new FileInfo(path).Length > 0)) // that which the desk locks is empty
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
            lines.AddRange((await reader.ReadToEndAsync()).Split('\n'));
        }

        return lines;
    }
}
