using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>What the desk publishes.</summary>
internal sealed class PublishedSink(Uri desk) : ISink
{
    public string Name => "what the desk publishes";

    public bool HoldsBytes => false;

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        using var client = new HttpClient { BaseAddress = desk };
        var pieces = new List<string>();
        foreach (var path in (string[])["/transparency", "/transparency.json", "/transparency.csv", "/transparency/digests"])
        {
            pieces.Add(await client.GetStringAsync(path).DefaultTimeout());
        }

        return pieces;
    }
}
