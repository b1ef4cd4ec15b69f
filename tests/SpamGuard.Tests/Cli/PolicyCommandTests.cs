using System.Text.Json;
using SpamGuard.Cli;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Cli;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly PolicyFileOnDisk _file = new("sign_up:\n  cap: THROTTLE\n  tags: {tor: {weight: 1.2}}\nshadow:\n  message: {limits: {wide: 2}}\n");
    private readonly PolicyFileOnDisk _bad = new("sign_up:\n  cap: BLOCK\n  limits: {wide: many}\n");

    public void Dispose()
    {
        _file.Dispose();
        _bad.Dispose();
    }

    [Fact]
    public async Task Validate_GoodFile_PrintsItsRevision()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["policy", "validate", _file.Path]);

        Assert.Equal((ExitCodes.Ok, string.Empty), (code, errors));
        Assert.Equal($"field\tvalue\npolicy_revision\t{PolicyFile.Load(_file.Path).Policy!.Revision()}\n", output);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("explain")]
    public async Task Run_BadFile_SaysEveryFaultAndFails(string verb)
    {
        var (code, output, errors) = await CommandLines.RunAsync(["policy", verb, _bad.Path]);

        Assert.Equal((ExitCodes.Failure, string.Empty), (code, output));
        Assert.Equal(
            $"{_bad.Path}: line 2: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY.\n{_bad.Path}: line 3: sign_up.limits.wide: found 'many'; allowed are numbers from 0 to 20.\n",
            errors);
    }

    [Fact]
    public async Task Validate_BadFileAsJson_PrintsTheFaultsAndFails()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["policy", "validate", _bad.Path, "--json"]);

        Assert.Equal((ExitCodes.Failure, string.Empty), (code, errors));
        using var json = JsonDocument.Parse(output);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("policy_revision").ValueKind);
        Assert.Equal(
            [(2, "sign_up.cap", "found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY."), (3, "sign_up.limits.wide", "found 'many'; allowed are numbers from 0 to 20.")],
            json.RootElement.GetProperty("faults").EnumerateArray().Select(fault => (fault.GetProperty("line").GetInt32(), fault.GetProperty("path").GetString()!, fault.GetProperty("text").GetString()!)));
    }

    [Fact]
    public async Task Validate_GoodFileAsJson_IsValid()
    {
        var (code, output, _) = await CommandLines.RunAsync(["policy", "validate", "default", "--json"]);

        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            (ExitCodes.Ok, true, Policy.Default.Revision()), (code, json.RootElement.GetProperty("valid").GetBoolean(), json.RootElement.GetProperty("policy_revision").GetString()));
    }

    [Fact]
    public async Task Validate_FileThatIsNotThere_ExitsWithNotFound() =>
        Assert.Equal(ExitCodes.NotFound, (await CommandLines.RunAsync(["policy", "validate", _file.Path + ".no"])).Code);

    [Fact]
    public async Task Diff_TwoPolicies_PrintsTheKeysByWhichTheyDiffer()
    {
        using var other = new PolicyFileOnDisk("""{"sign_up": {"cap": "THROTTLE", "failure": {"grace": "1h"}}, "test_addresses": true}""");

        var (code, output, errors) = await CommandLines.RunAsync(["policy", "diff", _file.Path, other.Path]);

        Assert.Equal((ExitCodes.Ok, string.Empty), (code, errors));
        Assert.Equal(
            "key\ta\tb\tdefault\ntest_addresses\tfalse\ttrue\tfalse\nsign_up.tags.tor.weight\t1.2\t\t\nsign_up.failure.grace\t5m\t1h\t5m\nshadow.message.limits.wide\t2\t\t\n", output);
    }

    [Fact]
    public async Task Diff_WithTheDefaultAsJson_PrintsAnArray()
    {
        var (code, output, _) = await CommandLines.RunAsync(["policy", "diff", "default", _file.Path, "--json"]);

        using var json = JsonDocument.Parse(output);
        var first = json.RootElement[0];
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(["sign_up.cap", "sign_up.tags.tor.weight", "shadow.message.limits.wide"], json.RootElement.EnumerateArray().Select(row => row.GetProperty("path").GetString()));
        Assert.Equal(("DENY", "THROTTLE", "DENY"), (first.GetProperty("a").GetString(), first.GetProperty("b").GetString(), first.GetProperty("default").GetString()));
        Assert.Equal(JsonValueKind.Null, json.RootElement[1].GetProperty("a").ValueKind);
    }

    [Fact]
    public async Task Diff_SamePolicyInOtherWords_PrintsNothing()
    {
        using var other = new PolicyFileOnDisk("""{"defaults": {"cap": "THROTTLE", "tags": {"tor": {"weight": 12e-1}}}, "message": {"cap": "DENY", "tags": {"tor": {"weight": 1.2}}}, "shadow": {"message": {"limits": {"wide": 2.0}}}}""");
        using var same = new PolicyFileOnDisk("sign_up: {cap: THROTTLE}\ndefaults: {tags: {tor: {weight: 1.2}}}\nshadow: {message: {limits: {wide: 2}}}");

        var (_, output, _) = await CommandLines.RunAsync(["policy", "diff", same.Path, other.Path]);

        Assert.Equal("key\ta\tb\tdefault\n", output);
    }

    [Fact]
    public async Task Diff_BothFilesBad_SaysTheFaultsOfBoth()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["policy", "diff", _bad.Path, _bad.Path]);

        Assert.Equal((ExitCodes.Failure, string.Empty, 4), (code, output, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public async Task Explain_File_PrintsEveryKeyWithItsValueAndWhereThatComesFrom()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["policy", "explain", _file.Path]);

        Assert.Equal((ExitCodes.Ok, string.Empty), (code, errors));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("key\tvalue\tfrom\tdefault\tallowed\tmeaning", lines[0]);
        Assert.Contains("sign_up.cap\tTHROTTLE\tline 2\tDENY\tALLOW, CHALLENGE, THROTTLE, DENY\tThe hardest verdict that there is.", lines);
        Assert.Contains("message.cap\tDENY\tdefault\tDENY\tALLOW, CHALLENGE, THROTTLE, DENY\tThe hardest verdict that there is.", lines);
        Assert.Contains("sign_up.tags.tor.weight\t1.2\tline 3\t\tnumbers from -20 to 20\tLog-odds of spam that the tag adds; below 0 it takes away.", lines);
        Assert.Contains("shadow.message.limits.wide\t2\tline 5\t\tnumbers from 0 to 20\tLog-odds that a /8 (IPv6 /24) can give or take.", lines);
        Assert.Equal(PolicyKeys.Leaves(Policy.Default).Count() + 3, lines.Length);
    }

    [Fact]
    public async Task Explain_NothingAsJson_PrintsTheDefaults()
    {
        var (code, output, _) = await CommandLines.RunAsync(["policy", "explain", "--json"]);

        using var json = JsonDocument.Parse(output);
        var prior = json.RootElement.EnumerateArray().Single(row => row.GetProperty("path").GetString() == "message.prior.probability");
        Assert.Equal((ExitCodes.Ok, .05, .05, JsonValueKind.Null), (code, prior.GetProperty("value").GetDouble(), prior.GetProperty("default").GetDouble(), prior.GetProperty("line").ValueKind));
        Assert.Equal(("numbers from 0.001 to 0.5", "Probability of spam before anything is known."), (prior.GetProperty("allowed").GetString(), prior.GetProperty("meaning").GetString()));
    }

    [Fact]
    public async Task Schema_Printed_IsTheCheckedInOne()
    {
        var (code, output, _) = await CommandLines.RunAsync("policy schema");

        Assert.Equal((ExitCodes.Ok, PolicySchema.Text()), (code, output));
    }

    [Fact]
    public async Task Run_VerbWithoutItsFile_NamesTheHelpOfThatVerb()
    {
        var (code, _, errors) = await CommandLines.RunAsync("policy diff default");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.EndsWith("See: spamguard policy diff --help\n", errors, StringComparison.Ordinal);
    }
}
