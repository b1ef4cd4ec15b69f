using System.Globalization;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The first commands that a newcomer runs, as they stand in README.md, and what they are said to print.</summary>
public sealed class ReadmeCommandsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Commands_OfTheFirstMinute_GetVerdictsThatGetHarder()
    {
        var asked = Pages.Section("## In a minute").Split("```sh\n").Skip(1).Select(static block => block.Split("```")[0]).Where(static block => block.Contains("127.0.0.1:5081", StringComparison.Ordinal)).ToList();
        var (first, eight) = (await RunAsync(asked[0]), await RunAsync(asked[1]));

        Assert.Equal(2, asked.Count);
        Assert.Contains("\"verdict\":\"VERDICT_ALLOW\"", first, StringComparison.Ordinal);
        var verdicts = eight.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, verdicts.Length);
        Assert.Equal(
            ["\"verdict\":\"VERDICT_ALLOW\"", "\"verdict\":\"VERDICT_CHALLENGE\"", "\"verdict\":\"VERDICT_THROTTLE\"", "\"verdict\":\"VERDICT_DENY\""],
            verdicts.Distinct(StringComparer.Ordinal));
    }

    private Task<string> RunAsync(string commands) => CommandRun.OutputOfAsync(
        ["bash", "-euc", commands.Replace(":5081", string.Create(CultureInfo.InvariantCulture, $":{new Uri(server.Url(Listener.Http)).Port}"), StringComparison.Ordinal)]);
}
