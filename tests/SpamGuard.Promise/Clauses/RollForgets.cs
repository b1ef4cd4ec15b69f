using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using SpamGuard.Promise.World;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>Rolls the epochs, as an operator does in an emergency, and asks for an address that was known.</summary>
internal sealed class RollForgets : IClause
{
    private const string Address = "66.10.0.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "a roll forgets";

    public string Promise => "In an emergency `spamguard epoch roll --yes` makes every process forget, within a refresh, whatever was learned, and decision tokens noise.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var token = (await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(Address), RequestId = Traffic.NewRequestId() })).DecisionToken;
        var known = await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Address);
        findings.Must(await world.Traffic.ExplainAsync(token) == StatusCode.OK && known.Count > 0, $"before: the decision token explains itself, and {known.Count} records are recognised");
        var before = await GenerationsAsync(world.Redis.Admin);
        await world.AtAsync(Moment.BeforeRoll);

        await world.Traffic.RollAsync(); // by gRPC, and once more from a shell
        var (code, _, error) = await CommandLineTool.CallAsync(world.Desk, world.Callers, Callers.Operator, "epoch", "roll", "--yes");
        var watch = Stopwatch.StartNew();
        findings.Must(code == 0, code == 0 ? "spamguard epoch roll --yes ended with code 0" : $"spamguard epoch roll --yes ended with code {code}: {error.Trim()}");
        if (code != 0)
        {
            return;
        }

        world.Traffic.Answered("EpochService/Roll");
        await world.AtAsync(Moment.Rolled);
        var answer = StatusCode.OK;
        await Poll.UntilAsync(async () => (answer = await world.Traffic.ExplainAsync(token)) != StatusCode.OK || watch.Elapsed > Patience).DefaultTimeout();
        findings.Must(answer != StatusCode.OK, string.Create(CultureInfo.InvariantCulture, $"the decision token is answered {answer}, {watch.Elapsed.TotalSeconds:0.0} s later"));

        await Agreement.UntilAsync(world, "66.20");
        var after = await GenerationsAsync(world.Redis.Admin);
        var raised = before.Count(salt => after.GetValueOrDefault(salt.Key) > salt.Value);
        findings.Must(raised == before.Count, $"{raised} of {before.Count} salts are of a higher generation");
        var still = (await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Address)).Intersect(known, StringComparer.Ordinal).Count();
        findings.Must(still == 0, $"{still} of the {known.Count} records can be recognised");
        var met = await world.Traffic.MetAsync(Address, SubjectLevel.Address);
        findings.Must(met == CountBucket.None, $"the address counts as met {met}");
    }

    private static async Task<Dictionary<string, uint>> GenerationsAsync(IDatabase store)
    {
        var generations = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var key in await TokenBook.SaltsAsync(store))
        {
            if ((byte[]?)await store.StringGetAsync(key) is { } salt)
            {
                generations[key] = EpochRecord.Read(salt).Generation;
            }
        }

        return generations;
    }
}
