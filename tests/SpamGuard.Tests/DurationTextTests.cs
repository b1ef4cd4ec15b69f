namespace SpamGuard.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("1h", 3600)]
    [InlineData("30m", 1800)]
    [InlineData("0.9d", 77_760)]
    [InlineData("8.3d", 717_120)]
    [InlineData("3600s", 3600)]
    [InlineData(".5h", 1800)]
    [InlineData("0d", 0)]
    [InlineData("36500d", 3_153_600_000)]
    public void TryParse_NumberAndUnit_IsExact(string text, long seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1")]
    [InlineData("1 h")]
    [InlineData("-1h")]
    [InlineData("1H")]
    [InlineData("1,5h")]
    [InlineData("1e3s")]
    [InlineData("01:00:00")]
    [InlineData("36501d")]
    [InlineData("79228162514264337593543950335d")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(300, "5m")]
    [InlineData(5400, "90m")]
    [InlineData(7200, "2h")]
    [InlineData(604_800, "7d")]
    public void Of_WholeSeconds_IsShortAndReadAsTheSame(int seconds, string text)
    {
        Assert.Equal(text, DurationText.Of(seconds));
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }
}
