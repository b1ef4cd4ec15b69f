using System.Text.Json;

namespace SpamGuard.IntegrationTests.Promise;

/// <summary>Every clause of the promise holds on a service and a Redis with accounts and TLS, and each is shown to fail when it is broken.</summary>
[Collection(nameof(PromiseCollection))]
public sealed class PromiseTests
{
    [Fact]
    public async Task Walk_OnWhatIsDeployed_EveryClauseHolds()
    {
        var (exitCode, output, error) = await PromiseProgram.RunAsync(path: null, "--json");

        Assert.True(exitCode == 0, $"{output}\n{error}");
        var clauses = Parsed(output).GetProperty("clauses").EnumerateArray().ToList();
        Assert.NotEmpty(clauses);
        Assert.All(clauses, clause => Assert.True(clause.GetProperty("passed").GetBoolean(), clause.ToString()));
        Assert.All(clauses, clause => Assert.NotEqual(0, clause.GetProperty("evidence").GetArrayLength()));
        Assert.All(clauses, clause => Assert.Equal(JsonValueKind.Null, clause.GetProperty("omitted").ValueKind));
    }

    [Fact]
    public async Task Walk_UnderEverySabotage_FailsThatClauseAndNoOther()
    {
        var (exitCode, output, error) = await PromiseProgram.RunAsync(path: null, ["--sabotage", "all", "--json", .. IsLong ? (string[])["--whole"] : []]);

        Assert.True(exitCode == 0, $"{output}\n{error}");
        var listed = await ListedAsync("sabotages");
        var sabotages = Parsed(output).GetProperty("sabotages").EnumerateArray().ToList();
        Assert.Equal(listed.Select(sabotage => Text(sabotage, "name")), sabotages.Select(sabotage => Text(sabotage, "sabotage")));
        Assert.All(
            sabotages,
            sabotage => Assert.Equal([Text(sabotage, "expected")], sabotage.GetProperty("failed").EnumerateArray().Select(failed => failed.GetString())));
        var clauseOf = sabotages.ToDictionary(sabotage => Text(sabotage, "sabotage"), sabotage => Text(sabotage, "expected"), StringComparer.Ordinal);
        Assert.All(
            sabotages, // of two that are to fail one clause, a walk could not tell which it was
            sabotage => Assert.DoesNotContain(Text(sabotage, "expected"), sabotage.GetProperty("beside").EnumerateArray().Select(beside => clauseOf[beside.GetString()!])));
        Assert.All(sabotages, sabotage => Assert.InRange(sabotage.GetProperty("omitted").GetArrayLength(), 0, IsLong ? 0 : 2));
    }

    [Fact]
    public async Task Walk_UnderASabotage_ExitsAsBroken()
    {
        var (exitCode, output, _) = await PromiseProgram.RunAsync(path: null, "--sabotage", "ten-years");

        Assert.Equal(1, exitCode);
        Assert.Single(output.Split('\n'), line => line.Contains("FAIL", StringComparison.Ordinal));
        Assert.Contains("NOT SO: sg:a:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_EveryClause_HasASabotage()
    {
        var clauses = (await ListedAsync("clauses")).Select(clause => Text(clause, "name"));
        var sabotaged = (await ListedAsync("sabotages")).Select(sabotage => Text(sabotage, "clause")).Distinct();

        Assert.Equal(clauses.Order(StringComparer.Ordinal), sabotaged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Walk_WithoutRedisServer_SaysSoInALine()
    {
        var (exitCode, output, error) = await PromiseProgram.RunAsync(path: Path.GetTempPath());

        Assert.Equal(5, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("redis-server is not in PATH", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Walk_SabotageThatIsNone_NamesThoseThatAre()
    {
        var (exitCode, _, error) = await PromiseProgram.RunAsync(path: null, "--sabotage", "nothing");

        Assert.Equal(2, exitCode);
        Assert.Contains("--sabotage is 'nothing'; allowed are all, plain-address", error, StringComparison.Ordinal);
    }

    /// <summary>Whether <c>tests/run --long</c> runs this.</summary>
    private static bool IsLong => Environment.GetEnvironmentVariable("SPAMGUARD_PROMISE") is "whole";

    private static async Task<IReadOnlyList<JsonElement>> ListedAsync(string what)
    {
        var (exitCode, output, error) = await PromiseProgram.RunAsync(path: null, "--list", "--json");
        Assert.True(exitCode == 0, error);
        return [.. Parsed(output).GetProperty(what).EnumerateArray()];
    }

    private static JsonElement Parsed(string output)
    {
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
