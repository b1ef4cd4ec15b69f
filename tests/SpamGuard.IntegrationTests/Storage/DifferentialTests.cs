using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>
/// Random events and reports, over days and epochs, through the scripts and through the store in this process: the same replies and, byte for
/// byte, the same records. CsCheck prints the seed of a failure; put it into <c>CsCheck_Seed</c> to see it again.
/// </summary>
public abstract class DifferentialTests
{
    private const int Sequences = 15;
    private const int Names = 3;
    private static readonly SubjectKind[] Kinds = [SubjectKind.Address, SubjectKind.Network, SubjectKind.Region, SubjectKind.Account, SubjectKind.Content];
    private static readonly int[] Charges = [0, 60, 300, 3600, -300];
    private static readonly int[] Steps = [0, 0, 0, 1, 7, 61, 3_600, 40_000, 86_400, 200_000, 700_000];
    private static readonly DateTimeOffset Began = DateTimeOffset.FromUnixTimeSeconds(1_796_463_414);

    private static readonly Gen<Part> Parts =
        Gen.Select(Gen.Int[0, Kinds.Length - 1], Gen.Int[0, Names - 1], Gen.Int[-1, 31], Gen.Bool, Gen.Int[0, Charges.Length - 1], Gen.Int[0, Charges.Length - 1])
            .Select((kind, name, bit, closed, fast, slow) =>
                new Part(Kinds[kind], $"s{name}", bit < 0 ? SignalRecord.Nobody : 1u << bit, !closed, Charges[fast], Charges[slow]));

    private static readonly Gen<Act> Acts =
        Gen.Select(Parts.Array[1, 5], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 1]).Select((parts, what, guard, fingerprint) => new Act(parts, what, guard, fingerprint));

    private static readonly Gen<Step[]> Sequence =
        Gen.Select(Gen.Int[0, Steps.Length - 1], Gen.Bool, Acts.Array[1, 4]).Select((step, reports, acts) => new Step(Steps[step], reports, acts)).Array[10, 40];

    private protected abstract Task<StoreUnderTest> OpenAsync();

    [Fact]
    public async Task AnySequence_InScriptsAndInProcess_GivesTheSameBytes()
    {
        await using var server = await OpenAsync();
        await Sequence.SampleAsync(steps => RunAsync(server, steps), iter: Sequences, threads: 1);
    }

    private static async Task RunAsync(StoreUnderTest server, Step[] steps)
    {
        await server.FlushAsync();
        var clock = new FakeTimeProvider(Began);
        var model = new InProcessSignalStore(clock);
        var ends = new Dictionary<RedisKey, long>();
        var touched = new HashSet<Addresses.SubjectKey>();
        foreach (var step in steps)
        {
            clock.Advance(TimeSpan.FromSeconds(step.Seconds));
            var now = clock.GetUtcNow().ToUnixTimeSeconds();

            // The server's own clock stands still for these keys: what is past its end on the held clock is taken away.
            foreach (var key in ends.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList())
            {
                await server.Admin.KeyDeleteAsync(key);
                ends.Remove(key);
            }

            var scripts = server.At(now);
            EventReply[] expected, found;
            if (step.Reports)
            {
                var reports = step.Acts.Select(act => Report(act, now)).ToList();
                expected = await model.ReportAsync(reports, default);
                found = await scripts.ReportAsync(reports, default).DefaultTimeout();
                foreach (var (report, reply) in reports.Zip(found))
                {
                    Note(report.Items);
                    if (report.Once is { } once && reply.Status == ReplyStatus.Counted)
                    {
                        var key = (RedisKey)Keys.Reports(once.Address);
                        ends[key] = Math.Min(once.Deadline, ends.GetValueOrDefault(key, long.MaxValue));
                    }
                }
            }
            else
            {
                var events = step.Acts.Select(act => Event(act, now)).ToList();
                expected = await model.ObserveAsync(events, default);
                found = await scripts.ObserveAsync(events, default).DefaultTimeout();
                foreach (var (observed, reply) in events.Zip(found))
                {
                    Note(observed.Items);
                    if (observed.Replay is { } replay && reply.Status == ReplyStatus.Counted)
                    {
                        ends[Keys.Replay(replay)] = now + ReplayGuard.Seconds;
                    }
                }
            }

            Assert.Equal(expected.Length, found.Length);
            foreach (var (wanted, got) in expected.Zip(found))
            {
                Assert.Equal((wanted.Status, wanted.Now), (got.Status, got.Now));
                Assert.Equal(wanted.Records, got.Records);
                Assert.Equal(wanted.Context.ToArray(), got.Context.ToArray());
            }

            var keys = touched.ToList();
            var records = await model.ReadAsync(keys, default);
            var values = await server.Admin.StringGetAsync([.. keys.Select(key => (RedisKey)Keys.Subject(key))]).DefaultTimeout();
            for (var i = 0; i < keys.Count; i++)
            {
                Assert.Equal(records[i].Exists ? Bytes(records[i]) : null, (byte[]?)values[i]);
            }
        }

        void Note(SubjectItem[] items)
        {
            foreach (var item in items)
            {
                touched.Add(item.Current);
                ends[Keys.Subject(item.Current)] = item.Deadline;
            }
        }
    }

    // A subject has another token in every epoch, and so one deadline for each record, as in service.
    private static SubjectItem[] Items(Act act, long now) =>
    [
        .. act.Parts.Select(part =>
        {
            var calendar = new EpochCalendar();
            var epoch = calendar.At(part.Kind.Class(), now);
            var current = Key(part.Kind, $"{part.Name}@{epoch.Number}");
            return new SubjectItem(
                current,
                Key(part.Kind, $"{part.Name}@{epoch.Previous.Number}"),
                calendar.Deadline(epoch, current.Token.Prefix),
                part.MayCreate,
                part.Member,
                part.Fast,
                part.Slow);
        }),
    ];

    private static ObservedEvent Event(Act act, long now) => new(
        Items(act, now),
        act.Guard == 0 ? null : new ReplayGuard(Token("address"), Token($"request/{act.Guard}"), (ulong)act.Fingerprint, new byte[act.Fingerprint * 3]));

    private static ReportedEvent Report(Act act, long now)
    {
        var items = Items(act, now);
        return new ReportedEvent(
            [.. items.Select(item => item with { FastCharge = 0, SlowCharge = 0 })],
            act.What == 0,
            act.Guard == 0 ? null : new ReportGuard(Token("address"), Token($"decision/{act.Guard}"), now + 80_000));
    }

    private static byte[] Bytes(SignalRecord record)
    {
        var bytes = new byte[SignalRecord.Size];
        record.Write(bytes);
        return bytes;
    }

    private sealed record Part(SubjectKind Kind, string Name, uint Member, bool MayCreate, int Fast, int Slow);

    private sealed record Act(Part[] Parts, int What, int Guard, int Fingerprint);

    private sealed record Step(int Seconds, bool Reports, Act[] Acts);
}

/// <inheritdoc/>
[Collection(nameof(GarnetCollection))]
public sealed class GarnetDifferentialTests(GarnetFixture garnet) : DifferentialTests
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(garnet.ConnectionString, SignalTopology.Standalone, admin: null);
}

/// <inheritdoc/>
[Collection(nameof(RedisCollection))]
public sealed class RedisDifferentialTests(RedisFixture redis) : DifferentialTests
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);
}
