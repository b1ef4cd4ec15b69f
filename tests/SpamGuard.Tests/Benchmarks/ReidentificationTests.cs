using SpamGuard.Benchmarks.Reidentification;

namespace SpamGuard.Tests.Benchmarks;

/// <summary>What SECURITY.md says of what can be found with what, tried.</summary>
public sealed class ReidentificationTests
{
    [Fact]
    public void Try_EveryHolding_FindsAddressesWithPepperAndSaltOnly()
    {
        using var attack = new BruteForce(bits: 12, planted: 100);

        foreach (var holding in Holding.All)
        {
            Assert.Equal(
                (holding.Name, holding is { HasPepper: true, HasSalt: true } ? 100 : 0),
                (holding.Name, attack.Try(holding, CancellationToken.None).Found));
        }
    }

    [Fact]
    public void Run_SmallBlock_PrintsALineAHoldingAndEndsWell()
    {
        using var output = new StringWriter();

        Assert.Equal(0, ReidentificationBenchmark.Run(ReidentificationBenchmark.FewestBits, output, CancellationToken.None));
        Assert.All(Holding.All, holding => Assert.Contains(holding.Name, output.ToString(), StringComparison.Ordinal));
    }
}
