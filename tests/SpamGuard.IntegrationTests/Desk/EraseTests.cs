using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing.Privacy;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>A minute after an erasure nothing of the address is left: its tokens are made again from pepper and salts, and looked for everywhere.</summary>
public abstract class EraseTests(EraseFixture server, string network, string neighbour, string? suffix)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private SubjectService.SubjectServiceClient Subjects => new(server.Channel);

    [Fact]
    public async Task Erase_KnownInBothEpochs_LeavesNothingOfItAMinuteLater()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var epochs = await StoredEpochs.ReadAsync(server.Redis, server.Pepper, now);
        Assert.True(epochs.Addresses.Count >= 2);
        var address = await LiveInBothAsync(epochs, now);
        var tokens = epochs.Addresses.Select(secret => TokenOf(secret, address)).ToList();
        var current = Encoding.ASCII.GetString(Keys.Subject(new SubjectKey(SubjectKind.Address, Token(epochs.Addresses.Single(IsCurrent), address))));

        // Everything that a caller can do, on the address and on a neighbour that stays.
        var retried = new ScoreRequest { Event = Known(address), RequestId = Events.NewRequestId() };
        var decision = await ScoreAsync(retried);
        await ScoreAsync(new ScoreRequest { Event = Known(neighbour) });
        await ScoreAsync(retried);
        await server.Scoring.ScoreBatchAsync(new ScoreBatchRequest { Requests = { retried, new ScoreRequest { Event = Events.SignUp(address), RequestId = Events.NewRequestId() } } });
        await PreviewAsync(address);
        await ReportAsync(new ReportOutcomeRequest { DecisionToken = decision, Reporter = "person-1" });
        await ReportAsync(new ReportOutcomeRequest { DecisionToken = decision });
        await ReportAsync(new ReportOutcomeRequest { Event = Known(address), Reporter = "person-2" });
        await ReportAsync(new ReportOutcomeRequest { Event = Known(address), RequestId = Events.NewRequestId() });
        Assert.Equal("afq", Kinds(await FindAsync(tokens)));
        var held = await Subjects.InspectAsync(new InspectRequest { Address = address, DecisionToken = decision }).ResponseAsync.DefaultTimeout();
        Assert.Equal(2, held.Epochs.Count);

        var receipt = await Subjects.EraseAsync(new EraseRequest { Address = address, DecisionToken = decision }).ResponseAsync.DefaultTimeout();
        Assert.Equal((2, 2), (receipt.RecordsDeleted, receipt.ReportListsDeleted));

        // A retry within the minute gets its old answer, and begins no record.
        var replayed = await server.Scoring.ScoreAsync(retried).ResponseAsync.DefaultTimeout();
        Assert.True(replayed.Assessment.Replayed);
        Assert.Equal("q", Kinds(await FindAsync(tokens)));
        await Poll.UntilAsync(async () => (await FindAsync(tokens)).Count == 0).TimeoutAfter(Patience);

        // What comes late by an old token brings nothing back.
        var before = await KeyspaceAsync();
        var late = new ReportOutcomeRequest { DecisionToken = decision, Label = OutcomeLabel.Spam, Reporter = "person-3" };
        Assert.Equal(ReportResult.StateExpired, (await server.Feedback.ReportOutcomeAsync(late).ResponseAsync.DefaultTimeout()).Result);
        Assert.Equal(before, await KeyspaceAsync());
        Assert.Empty(await FindAsync(tokens));

        // What is known of its network is all that is known of it: as of one that was never seen.
        var fresh = await PreviewAsync(await LiveInBothAsync(epochs, now, plant: false, from: 128));
        Assert.Equal((CountBucket.None, CountBucket.None), Address(fresh));
        var again = (await server.Scoring.PreviewAsync(new PreviewRequest { DecisionToken = decision }).ResponseAsync.DefaultTimeout()).Assessment;
        Assert.Equal((CountBucket.None, CountBucket.None), Address(again));
        var preview = await PreviewAsync(address);
        Assert.Equal((fresh.SpamProbability, fresh.Verdict), (preview.SpamProbability, preview.Verdict));
        Assert.Equal(fresh.Reasons, preview.Reasons);
        Assert.NotEqual(CountBucket.None, preview.Evidence.Single(level => level.Level == SubjectLevel.Network).SpamReports);
        await ScoreAsync(new ScoreRequest { Event = Known(address) });
        Assert.Equal([current], await FindAsync(tokens));
    }

    private static Event Known(string address) => new() { Kind = EventKind.Message, Address = address, Account = "account-1", Content = "content-1" };

    private static SubjectToken Token(EpochSecret secret, string address) =>
        ClientAddress.TryParse(address, out var parsed) ? secret.Hasher.Key(SubjectKind.Address, parsed).Token : throw new InvalidOperationException();

    private static (byte[] Raw, byte[] Text) TokenOf(EpochSecret secret, string address)
    {
        var (raw, text) = (new byte[SubjectToken.Size], new byte[SubjectToken.TextSize]);
        Token(secret, address).Write(raw);
        Token(secret, address).WriteText(text);
        return (raw, text);
    }

    private static (CountBucket Units, CountBucket Reports) Address(Assessment assessment)
    {
        var level = assessment.Evidence.Single(level => level.Level == SubjectLevel.Address);
        return (level.Units, level.SpamReports);
    }

    // The letters of the kinds of keys: each once.
    private static string Kinds(IEnumerable<string> keys) => string.Concat(keys.Select(key => key[3]).Distinct().Order());

    private static bool IsCurrent(EpochSecret secret) =>
        new EpochCalendar().At(RetentionClass.Address, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) == secret.Id;

    // An address of the network whose record of the epoch before still lives, for they end up to 2.6 hours apart. It was seen and reported in it.
    private async Task<string> LiveInBothAsync(StoredEpochs epochs, long now, bool plant = true, int from = 1)
    {
        var secret = epochs.Addresses[^1];
        for (var host = from; ; host++)
        {
            var address = suffix is null ? $"{network}.{host}" : $"{network}{host:x}{suffix}";
            var token = Token(secret, address);
            var deadline = new EpochCalendar().Deadline(secret.Id, token.Prefix);
            if (deadline < now + Patience.TotalSeconds)
            {
                continue;
            }

            if (plant)
            {
                var store = server.Services.GetRequiredService<ISignalStore>();
                var item = new SubjectItem(new SubjectKey(SubjectKind.Address, token), default, deadline, MayCreate: true, SignalRecord.Nobody, 0, 0);
                await store.ObserveAsync([new ObservedEvent([item], Replay: null)], default).DefaultTimeout();
                await store.ReportAsync([new ReportedEvent([item], Spam: true, new ReportGuard(token, Storage.Subjects.Token("person"), deadline))], default).DefaultTimeout();
            }

            return address;
        }
    }

    /// <summary>The keys that name an address or hold its name, in either form.</summary>
    private async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<(byte[] Raw, byte[] Text)> tokens)
    {
        var found = new List<string>();
        foreach (var (key, value) in await KeyspaceAsync(all: true))
        {
            foreach (var (raw, text) in tokens)
            {
                foreach (var bytes in (byte[][])[Encoding.Latin1.GetBytes(key), Convert.FromHexString(value)])
                {
                    if (bytes.AsSpan().IndexOf(raw) >= 0 || bytes.AsSpan().IndexOf(text) >= 0)
                    {
                        found.Add(key);
                    }
                }
            }
        }

        return found;
    }

    // Aggregates are merged every second and salts read again: they are no one's, and left out where writes are looked for.
    private async Task<IReadOnlyDictionary<string, string>> KeyspaceAsync(bool all = false)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in await KeyspaceSink.KeysAsync(server.Redis.Admin))
        {
            var name = Encoding.Latin1.GetString((byte[])key!);
            if ((all || name[3] is not ('w' or 'e')) && (byte[]?)await server.Redis.Admin.StringGetAsync(key).DefaultTimeout() is { } value)
            {
                values[name] = Convert.ToHexString(value);
            }
        }

        return values;
    }

    private async Task<string> ScoreAsync(ScoreRequest request) =>
        (await server.Scoring.ScoreAsync(request).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;

    private async Task<Assessment> PreviewAsync(string address) =>
        (await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment;

    private async Task ReportAsync(ReportOutcomeRequest report)
    {
        report.Label = OutcomeLabel.Spam;
        Assert.True((await server.Feedback.ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout()).Applied);
    }
}

/// <inheritdoc/>
[Collection(nameof(WaitingCollection))]
public sealed class EraseV4Tests(EraseFixture server) : EraseTests(server, "81.77.5", "81.77.5.250", suffix: null), IClassFixture<EraseFixture>;

/// <inheritdoc/>
[Collection(nameof(OtherWaitingCollection))]
public sealed class EraseV6Tests(EraseFixture server) : EraseTests(server, "2a02:77:5:", "2a02:77:5:ffff::1", suffix: "::9"), IClassFixture<EraseFixture>;
