using SpamGuard.Promise.World;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Sends one request again and again, and looks at what the records hold before and after.</summary>
internal sealed class RetryCountsNothing : IClause
{
    private const int Retries = 5;
    private const string Address = "63.10.0.1";

    public string Name => "a retry counts nothing";

    public string Promise => "The same request again counts nothing and gets the same answer.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var request = new ScoreRequest { Event = Traffic.SignUp(Address), RequestId = Traffic.NewRequestId() };
        var first = await world.Traffic.ScoreAsync(request);
        var before = await RecordsAsync(world);
        await world.AtAsync(Moment.BeforeRetry);
        var retries = new List<Assessment>();
        for (var i = 0; i < Retries; i++)
        {
            retries.Add(await world.Traffic.ScoreAsync(request));
        }

        var replayed = retries.Count(retry => retry.Replayed && retry.Verdict == first.Verdict && retry.SpamProbability.Equals(first.SpamProbability));
        findings.Must(replayed == Retries, $"{replayed} of {Retries} retries were answered as the first, and marked as replayed");
        var changed = Changed(before, await RecordsAsync(world));
        findings.Must(changed == 0, $"they changed {changed} of {before.Count} records");

        await world.Traffic.ScoreAsync(new ScoreRequest { Event = request.Event, RequestId = Traffic.NewRequestId() });
        changed = Changed(before, await RecordsAsync(world));
        findings.Must(changed > 0, $"the same event with a request id of its own changed {changed}");
    }

    private static async Task<Dictionary<string, byte[]>> RecordsAsync(RunningWorld world)
    {
        var records = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Address))
        {
            records[key] = (byte[]?)await world.Redis.Admin.StringGetAsync(key) ?? [];
        }

        return records;
    }

    private static int Changed(Dictionary<string, byte[]> before, Dictionary<string, byte[]> after) =>
        after.Count(record => !before.TryGetValue(record.Key, out var old) || !record.Value.AsSpan().SequenceEqual(old));
}
