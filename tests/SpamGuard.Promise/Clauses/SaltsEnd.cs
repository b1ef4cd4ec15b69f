using Grpc.Core;
using SpamGuard.Promise.World;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Ends the salts, as their expiry does, and looks at what a service with the very same pepper still knows. Nothing is known after it.</summary>
internal sealed class SaltsEnd : IClause
{
    private const string Address = "64.10.0.1";

    public string Name => "what a salt made ends with it";

    public string Promise => "Once an epoch's salt is gone its tokens can't be made again, not even with the pepper, and decision tokens of it are noise.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await Agreement.UntilAsync(world, "64.20"); // a roll may have gone before
        var token = (await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(Address), RequestId = Traffic.NewRequestId() })).DecisionToken;
        var opened = await world.Traffic.ExplainAsync(token);
        var known = await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Address);
        findings.Must(opened == StatusCode.OK && known.Count > 0, $"before: the decision token explains itself, and pepper and salts recognise the address in {known.Count} records");
        await world.AtAsync(Moment.SaltsEnding);

        await Task.WhenAll(world.Service.StopAsync(), world.Desk.StopAsync()); // whoever runs on plants its salts again
        var salts = 0;
        foreach (var key in await TokenBook.SaltsAsync(world.Redis.Admin))
        {
            salts += await world.Redis.Admin.KeyDeleteAsync(key) ? 1 : 0;
        }

        await world.AtAsync(Moment.SaltsGone);
        await world.StartServiceAsync(cancellationToken);

        var left = 0;
        foreach (var key in known)
        {
            left += await world.Redis.Admin.KeyExistsAsync(key) ? 1 : 0;
        }

        var still = (await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Address)).Intersect(known, StringComparer.Ordinal).Count();
        findings.Must(still == 0, $"after {salts} salts ended: {left} of the records are still there, and {still} can be recognised");
        var after = await world.Traffic.ExplainAsync(token);
        findings.Must(after == StatusCode.InvalidArgument || after == StatusCode.NotFound, $"the decision token is answered {after} by the same pepper");
        var met = await world.Traffic.MetAsync(Address, SubjectLevel.Address);
        findings.Must(met == CountBucket.None, $"the address counts as met {met}");
    }
}
