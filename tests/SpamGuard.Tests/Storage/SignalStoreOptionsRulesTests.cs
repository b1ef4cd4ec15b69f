using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

public sealed class SignalStoreOptionsRulesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(200)]
    public void Validate_BudgetInRange_Succeeds(int milliseconds) =>
        Assert.Empty(Faults(new SignalStoreOptions { Budget = TimeSpan.FromMilliseconds(milliseconds), ConnectionString = "redis:6379" }));

    [Theory]
    [InlineData(1)]
    [InlineData(201)]
    public void Validate_BudgetOutOfRange_NamesKeyValueAndRange(int milliseconds)
    {
        var fault = Assert.Single(Faults(new SignalStoreOptions { Budget = TimeSpan.FromMilliseconds(milliseconds), ConnectionString = "redis:6379" }));

        Assert.Contains("Signals:Budget", fault, StringComparison.Ordinal);
        Assert.Contains($"({milliseconds} ms)", fault, StringComparison.Ordinal);
        Assert.Contains("2 to 200 ms", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("standalone", "redis:6379,serviceName=signals", "must be sentinel")]
    [InlineData("cluster", "redis:6379,serviceName=signals", "must be sentinel")]
    [InlineData("sentinel", "redis:26379", "no serviceName")]
    [InlineData("standalone", "", "ConnectionStrings:Signals is empty")]
    [InlineData("standalone", "redis:6379,password=hunter2,nonsense=1", "can't be read")]
    public void Validate_SettingsThatContradict_SaysWhichAndWithholdsTheConnectionString(string topology, string connection, string expected)
    {
        var options = new SignalStoreOptions { Topology = Enum.Parse<SignalTopology>(topology, ignoreCase: true), ConnectionString = connection };

        var fault = Assert.Single(Faults(options));

        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SeveralFaults_TellsAllAtOnce() => Assert.Equal(2, Faults(new SignalStoreOptions { Budget = TimeSpan.Zero }).Count);

    private static IReadOnlyList<string> Faults(SignalStoreOptions options) =>
        [.. new SignalStoreOptionsRules().Validate(name: null, options).Failures ?? []];
}
