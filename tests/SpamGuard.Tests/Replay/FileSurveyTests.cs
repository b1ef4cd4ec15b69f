using SpamGuard.Cli.Replay;

namespace SpamGuard.Tests.Replay;

public sealed class FileSurveyTests
{
    private const string Good = "2026-03-02T12:00:00Z,message,198.18.7.9,,,spam,,";
    private const string Reported = "2026-03-02T12:00:00Z,message,198.18.7.9,,,spam,spam,2026-03-02T13:00:00Z";
    private const string BadlyReported = "2026-03-02T12:00:00Z,message,198.18.7.9,,,spam,?,2026-03-02T13:00:00Z";
    private const string Early = "2026-03-01T12:00:00Z,message,198.18.7.9,,,spam,,";

    [Theory]
    [InlineData(2, false, Good, Good)]
    [InlineData(2, true, Good, Reported)]
    [InlineData(1, true, Good, BadlyReported)] // a file that means to have reports must not be given others
    [InlineData(2, false, Good, Early, Good, "?")]
    [InlineData(0, false)]
    public void Of_File_CountsWhatCanBeScoredAndSaysWhetherItHasReports(long events, bool anyReport, params string[] rows)
    {
        using var reader = MailEventReader.Open(Replays.Stream(Replays.Csv(rows)), accounts: false, contents: false, out _)!;

        Assert.Equal(new FileSurvey(events, anyReport), FileSurvey.Of(reader, moved: null, CancellationToken.None));
    }

    [Fact]
    public void Of_Cancelled_Stops()
    {
        using var reader = MailEventReader.Open(
            Replays.Stream(Replays.Csv(Enumerable.Repeat(Good, 100_000))), accounts: false, contents: false, out _)!;

        Assert.Throws<OperationCanceledException>(() => FileSurvey.Of(reader, moved: null, new CancellationToken(canceled: true)));
    }
}
