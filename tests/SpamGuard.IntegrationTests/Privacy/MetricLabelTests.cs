namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>No label of a metric can come to hold an address: each has few values, which are known.</summary>
[Collection(nameof(CanaryCollection))]
public sealed class MetricLabelTests(CanaryServerFixture server) : IClassFixture<CanaryServerFixture>
{
    [Fact]
    public async Task Labels_AfterEveryCall_HaveTheValuesOfTheList()
    {
        using var calls = new CanaryCalls(server);
        await calls.StoreBackAsync();
        await calls.GoodAsync();
        await calls.BadAsync();

        var scrape = await server.MetricsAsync();

        Assert.Contains("""grpc_code="InvalidArgument"} """, scrape, StringComparison.Ordinal);
        Assert.Equal("", string.Join('\n', MetricLabels.Faults(scrape)));
    }

    [Theory]
    [InlineData("""planted_total{client="someone"} 1""", "client is no label that a metric may have")]
    [InlineData("""planted_total{verdict="ALLOW",grpc_method="198.19.231.149"} 1""", "grpc_method has a value that it may not have")]
    [InlineData("""planted_total{version="198.19.231.149"} 1""", "version has a value that it may not have")]
    [InlineData("""planted_total{revision="a \" b"} 1""", "revision has a value that it may not have")]
    public void Faults_PlantedLabel_IsReported(string scrape, string expected) => Assert.Equal([expected], MetricLabels.Faults("# HELP planted_total It.\n" + scrape));
}
