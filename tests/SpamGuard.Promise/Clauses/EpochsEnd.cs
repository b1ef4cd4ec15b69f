using System.Globalization;
using Grpc.Core;
using SpamGuard.Epochs;
using SpamGuard.Promise.World;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>Watches two epochs go by in real time, on a service of its own whose epochs are short: nothing is deleted by hand.</summary>
internal sealed class EpochsEnd : IClause
{
    /// <summary>The name of its store.</summary>
    public const string Store = "fast";

    /// <summary>The address that is looked for.</summary>
    public const string Address = "67.10.0.1";

    /// <summary>An address on both sides of an edge.</summary>
    private const string Across = "67.20.0.1";

    /// <summary>When epochs of its service begin and end.</summary>
    public static readonly EpochCalendar Calendar = new(lives: new EpochPace(EpochPace.MaxScale).Lives);

    private const int Events = 5; // some; twice as many are many
    private const int EnoughSeconds = 15; // before the edge of an epoch, to send some events and look at them, on a busy machine too
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Findings _seen = new();
    private Task _watching = Task.CompletedTask;

    public string Name => "epochs end by themselves";

    public string Promise => "Salts and records of an epoch are gone at the end of the next one, and its decision tokens are noise; over the edge between the two nothing is missed.";

    public Task BeginAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        _watching = WatchAsync(world, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await _watching;
        foreach (var finding in _seen.All)
        {
            findings.Must(finding.Holds, finding.Fact);
        }
    }

    private async Task WatchAsync(RunningWorld world, CancellationToken cancellationToken)
    {
        var redis = await world.StartRedisAsync(Store);
        var service = world.LaunchWhole(redis, ("Epochs__Scale", EpochPace.MaxScale.ToString(CultureInfo.InvariantCulture)));
        await service.ReadyAsync(cancellationToken);
        var (store, traffic) = (redis.Admin, new Traffic(service, service, new AnswerSink()));
        await UntilAsync(store, now => Start(Current(now).Next) - now >= EnoughSeconds, cancellationToken);

        var epoch = Current(await TokenBook.SecondAsync(store));
        var end = Calendar.End(epoch);
        var token = await ScoredAsync(traffic, Address);
        await ScoredAsync(traffic, Across);
        var metBefore = await traffic.MetAsync(Across, SubjectLevel.Address);
        var salt = EpochRecord.Read((byte[])(await store.StringGetAsync(Keys.Epoch(epoch)))!);
        var tokens = await TokenBook.AddressTokensAsync(store, world.Pepper.Bytes, Address);
        var record = $"sg:a:{{{tokens[0]}}}";
        await world.AtAsync(Moment.FastEpochBegun);
        var now = await TokenBook.SecondAsync(store);
        var (saltLife, recordLife) = (await LifeAsync(store, Keys.Epoch(epoch)), await LifeAsync(store, record));
        _seen.Must(saltLife > 0 && saltLife <= end - now, Text($"with epochs of {Start(epoch.Next) - Start(epoch)} s: the salt has {saltLife:0.0} s left to live, and its epoch {end - now} s until the end of the next one"));
        _seen.Must(recordLife > 0 && recordLife <= end - now, Text($"the record of an address has {recordLife:0.0} s left"));
        if (!_seen.Hold)
        {
            return;
        }

        await UntilAsync(store, second => second > Start(epoch.Next), cancellationToken);
        var next = (byte[]?)await store.StringGetAsync(Keys.Epoch(epoch.Next));
        var isNew = next is not null && !EpochRecord.Read(next).Salt.AsSpan().SequenceEqual(salt.Salt);
        _seen.Must(isNew, next is null ? "the next epoch has no salt" : $"the next epoch has {(isNew ? "a salt of its own" : "the very same salt: its tokens outlive it")}");
        var met = await traffic.MetAsync(Across, SubjectLevel.Address);
        await ScoredAsync(traffic, Across);
        var metAfter = await traffic.MetAsync(Across, SubjectLevel.Address);
        _seen.Must(metBefore == CountBucket.Some && met == metBefore && metAfter == CountBucket.Many && await traffic.ExplainAsync(token) == StatusCode.OK, $"over the edge: an address that counted as met {metBefore} counts as met {met}, and after as many events of this side as {metAfter}; the decision token of before explains itself");
        if (!_seen.Hold)
        {
            return;
        }

        await UntilAsync(store, second => second > end, cancellationToken);
        var left = await store.KeyExistsAsync([Keys.Epoch(epoch), record]);
        _seen.Must(left == 0, $"at the end of the next epoch: of salt and record {left} are left");
        var answer = await traffic.ExplainAsync(token);
        _seen.Must(answer is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition, $"the decision token is answered {answer}");
        var remade = (await TokenBook.AddressTokensAsync(store, world.Pepper.Bytes, Address)).Intersect(tokens, StringComparer.Ordinal).Count();
        met = await traffic.MetAsync(Address, SubjectLevel.Address);
        _seen.Must(remade == 0 && met == CountBucket.None, $"{remade} of its tokens can be made again with pepper and salts, and the address counts as met {met}");
    }

    /// <summary>Events of an address. Returns the last decision token.</summary>
    private static async Task<string> ScoredAsync(Traffic traffic, string address)
    {
        var token = "";
        for (var i = 0; i < Events; i++)
        {
            token = (await traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(address), RequestId = Traffic.NewRequestId() })).DecisionToken;
        }

        return token;
    }

    private static EpochId Current(long now) => Calendar.At(RetentionClass.Address, now);

    private static long Start(EpochId epoch) => Calendar.Start(epoch);

    private static async Task<double> LifeAsync(IDatabase store, RedisKey key) => (long)await store.ExecuteAsync("PTTL", key) / 1000.0;

    private static async Task UntilAsync(IDatabase store, Predicate<long> isSo, CancellationToken cancellationToken) =>
        await Poll.UntilAsync(async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return isSo(await TokenBook.SecondAsync(store));
        }).TimeoutAfter(Limit);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
