using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

public sealed class DurationsTests
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
        Assert.True(Durations.TryParse(text, out var duration));
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
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Durations.TryParse(text, out _));
}
