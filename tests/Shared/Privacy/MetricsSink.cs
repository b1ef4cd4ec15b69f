namespace SpamGuard.Testing.Privacy;

/// <summary>What a scraper gets.</summary>
internal sealed class MetricsSink(Func<Task<string>> scrape) : ISink
{
    public string Name => "metrics";

    public bool HoldsBytes => false;

    public async Task<IReadOnlyList<string>> ReadAsync() => (await scrape()).Split('\n');
}
