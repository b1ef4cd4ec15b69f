using System.Net;
using SpamGuard.Cli;
using SpamGuard.Cli.Load;

namespace SpamGuard.Tests.Cli;

public sealed class LoadCommandTests
{
    private static readonly IPNetwork[] Nobodys =
    [
        IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("198.18.0.0/15"),
    ];

    [Fact]
    public void Addresses_OfAnySeed_AreOfRangesThatNobodyHasAndNoTestCards()
    {
        var drawn = new HashSet<IPNetwork>();
        for (var seed = 0; seed < 20; seed++)
        {
            var addresses = new LoadAddresses(100, seed);
            for (var i = 0; i < 200; i++)
            {
                var bytes = addresses.Next();
                drawn.Add(Assert.Single(Nobodys, range => range.Contains(new IPAddress(bytes))));
                Assert.NotInRange(bytes[^1], 1, 4);
            }
        }

        Assert.Equal(Nobodys.Length, drawn.Count);
    }

    [Fact]
    public void Addresses_OfOneSeed_AreTheSame()
    {
        var (one, other) = (new LoadAddresses(50, 7), new LoadAddresses(50, 7));

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(one.Next(), other.Next()));
    }

    [Theory]
    [InlineData("load --server http://spamguard.invalid:5080", "Nothing was done. That server is not on loopback")]
    [InlineData("load --rate 0", "--rate is from 1 to 20000.")]
    [InlineData("load --duration 6m", "--duration is from 0.001s to 5m.")]
    [InlineData("load --deadline 2m", "--deadline is from 0.001s to 1m.")]
    [InlineData("load --count 1000001", "--count is from 1 to 1000000.")]
    [InlineData("load --concurrency 0", "--concurrency is from 1 to 1000.")]
    [InlineData("load --kind mail", "both")]
    public async Task Run_WhatMustNotBe_SaysSoAndExitsWithUsage(string arguments, string expected)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServerOfTheEnvironmentElsewhere_TakesNoYes()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SPAMGUARD_SERVER"] = "http://spamguard.invalid:5080" };

        Assert.Equal(ExitCodes.Usage, (await CommandLines.RunAsync(["load", "--yes"], environment)).Code);
        Assert.Equal(ExitCodes.Unavailable, (await CommandLines.RunAsync(["load", "--yes", "--server", "http://spamguard.invalid:5080"], environment)).Code);
    }

    [Theory]
    [InlineData(100, 10, 1_000_000, 1000)]
    [InlineData(3, .5, 1_000_000, 2)]
    [InlineData(100, 10, 5, 5)]
    public void Calls_OfAPlan_AreWhatTheRateGivesUpToTheCount(int rate, double seconds, long count, long expected) =>
        Assert.Equal(expected, new LoadPlan(rate, TimeSpan.FromSeconds(seconds), count, 1, 1, null, 1, TimeSpan.FromSeconds(1)).Calls);
}
