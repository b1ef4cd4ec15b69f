using System.Text;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>The file of the desk's ledger, which stays when everything else is forgotten.</summary>
internal sealed class LedgerSink(LedgerVolume volume) : ISink
{
    public string Name => "the desk's ledger";

    public bool HoldsBytes => false;

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        using var reader = new StreamReader(new FileStream(volume.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        return (await reader.ReadToEndAsync()).Split('\n');
    }
}
