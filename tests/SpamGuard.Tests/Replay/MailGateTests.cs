using SpamGuard.Cli.Replay;
using SpamGuard.Retention;

namespace SpamGuard.Tests.Replay;

/// <summary>What the product must reach on real mail, and what it must not see where there is nothing to see.</summary>
public sealed class MailGateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(.9)]
    [InlineData(1.7)]
    [InlineData(2.6)]
    [InlineData(8.3)]
    public async Task Replay_AddressOnly_ReachesTheGatesAtEveryEpochPhase(double phaseDays)
    {
        var test = await TestFiguresAsync(new ReplayOptions { EpochPhase = TimeSpan.FromDays(phaseDays) });

        Assert.Equal((1579, 312), (test.Events, test.Spam));
        Assert.True(test.Auc >= .920, $"AUC {test.Auc}");
        Assert.True(test.AveragePrecision >= .785, $"average precision {test.AveragePrecision}");
        Assert.True(test.RecallAtHundredth >= .42, $"recall at 1 % FPR {test.RecallAtHundredth}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(.9)]
    [InlineData(1.7)]
    [InlineData(2.6)]
    [InlineData(8.3)]
    public async Task Replay_WithAccountMemory_ReachesItsGate(double phaseDays)
    {
        var test = await TestFiguresAsync(new ReplayOptions { AccountMemory = true, EpochPhase = TimeSpan.FromDays(phaseDays) });

        Assert.True(test.Auc >= .94, $"AUC {test.Auc}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(.9)]
    [InlineData(1.7)]
    [InlineData(2.6)]
    [InlineData(8.3)]
    public async Task Replay_WithContentMemory_IsNoWorseAloneAndReachesItsGateWithAccounts(double phaseDays)
    {
        var phase = TimeSpan.FromDays(phaseDays);
        var addresses = await TestFiguresAsync(new ReplayOptions { EpochPhase = phase });
        var contents = await TestFiguresAsync(new ReplayOptions { ContentMemory = true, EpochPhase = phase });
        var both = await TestFiguresAsync(new ReplayOptions { AccountMemory = true, ContentMemory = true, EpochPhase = phase });

        Assert.True(contents.Auc >= addresses.Auc, $"AUC {contents.Auc} and {addresses.Auc}");
        Assert.True(contents.AveragePrecision >= addresses.AveragePrecision, $"average precision {contents.AveragePrecision} and {addresses.AveragePrecision}");
        Assert.True(contents.RecallAtHundredth >= addresses.RecallAtHundredth, $"recall at 1 % FPR {contents.RecallAtHundredth} and {addresses.RecallAtHundredth}");
        Assert.True(both.Auc >= .94, $"AUC {both.Auc}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Replay_LabelsShuffled_SeesNothing(int seed)
    {
        var rows = (await File.ReadAllLinesAsync(Replays.MailEvents)).Skip(1).Select(line => line.Split(',')).ToList();
        const int Label = 5;
        var labels = rows.Select(row => row[Label]).ToArray();
        new Random(seed).Shuffle(labels);
        var csv = Replays.Csv(rows.Select((row, i) => string.Join(',', row.Select((field, column) => column == Label ? labels[i] : field))));

        var (result, decisions, _) = await Replays.RunAsync(csv);

        Assert.InRange(result!.Test.Auc!.Value, .44, .56);
        Assert.InRange(result.All.Auc!.Value, .44, .56);
        Assert.True(Replays.Probabilities(decisions).Distinct().Count() >= 50);
    }

    [Fact]
    public async Task Replay_SameSeed_GivesTheSameAnswers()
    {
        var options = new ReplayOptions { FeedbackCoverage = .3, Seed = 7 };

        var (first, _, _) = await Replays.RunAsync(() => File.OpenRead(Replays.MailEvents), options);
        var (second, _, _) = await Replays.RunAsync(() => File.OpenRead(Replays.MailEvents), options);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Replay_LessOrLaterFeedback_SeesLess()
    {
        var all = await TestFiguresAsync(new ReplayOptions());
        var tenth = await TestFiguresAsync(new ReplayOptions { FeedbackCoverage = .1 });
        var late = await TestFiguresAsync(new ReplayOptions { FeedbackDelay = TimeSpan.FromDays(7) });

        Assert.True(all.Auc > late.Auc, $"{all.Auc} and {late.Auc}");
        Assert.True(all.Auc > tenth.Auc, $"{all.Auc} and {tenth.Auc}");
    }

    [Fact]
    public async Task Replay_ShorterMemoryOfNetworks_SeesFarLess()
    {
        var usual = await TestFiguresAsync(new ReplayOptions());
        var address = await TestFiguresAsync(new ReplayOptions { Retention = RetentionLives.OfService with { Address = TimeSpan.FromDays(1) } });
        var both = await TestFiguresAsync(new ReplayOptions { Retention = new RetentionLives(TimeSpan.FromDays(1), TimeSpan.FromDays(1)) });
        var same = await TestFiguresAsync(new ReplayOptions { Retention = RetentionLives.OfService });

        Assert.True(both.Auc < usual.Auc - .08, $"{both.Auc} and {usual.Auc}");
        Assert.True(address.Auc > usual.Auc - .01, $"{address.Auc} and {usual.Auc}: the network carries reputation, not the address");
        Assert.Equal(usual, same);
    }

    private static async Task<DetectionFigures> TestFiguresAsync(ReplayOptions options)
    {
        var (result, _, faults) = await Replays.RunAsync(() => File.OpenRead(Replays.MailEvents), options);
        Assert.Empty(faults);
        Assert.Equal(0, result!.Skipped);
        return result.Test;
    }
}
