using System.CommandLine;
using System.Text.Json;
using SpamGuard.Cli;
using SpamGuard.Tests.Desk.Ledger;
using SpamGuard.Tests.Replay;

namespace SpamGuard.Tests.Cli;

/// <summary>What is said of every verb is tried with every verb: one that is added must be added here.</summary>
public sealed class VerbTests : IDisposable
{
    private const string Nobody = "http://127.0.0.1:1";

    /// <summary>Prints a script.</summary>
    private const string WithoutJson = "completion";

    /// <summary>A command line for each verb that asks a server, with an address or a token on standard input where it wants one.</summary>
    private static readonly Dictionary<string, string> Asking = new(StringComparer.Ordinal)
    {
        ["score"] = "198.18.7.9 --kind message",
        ["preview"] = "198.18.7.9 --kind message",
        ["explain"] = "AbC",
        ["report"] = "AbC --label spam",
        ["load"] = "--duration 1s",
        ["policy get"] = "",
        ["subject inspect"] = "--attestation seen",
        ["subject erase"] = "--attestation seen --yes",
        ["disclosure open"] = "--reference-file {line} --authority-file {line} --authority-type court --legal-process court-order --category terrorism --country DE --valid-until 1d",
        ["disclosure decide"] = "d1 --reject",
        ["disclosure execute"] = "d1 --order-key-file {line} --yes",
        ["disclosure show"] = "d1",
        ["disclosure list"] = "",
        ["transparency report"] = "",
        ["epoch roll"] = "--yes",
        ["override set"] = "--verdict deny --reason r --ttl 2h --address-file - --yes",
        ["override clear"] = "a0123456789abcdef --yes",
        ["override list"] = "",
    };

    /// <summary>A command line for each verb that needs no server and prints one JSON document.</summary>
    private static readonly Dictionary<string, string> Local = new(StringComparer.Ordinal)
    {
        ["replay"] = "{mail}",
        ["policy validate"] = "default",
        ["policy diff"] = "default default",
        ["policy explain"] = "",
        ["policy schema"] = "",
        ["ledger verify"] = "{ledger}",
        ["ledger head"] = "{ledger}",
        ["ledger digests"] = "{ledger}",
    };

    /// <summary>Tried elsewhere: by a server of its own, by the store, or because it takes minutes.</summary>
    private static readonly string[] Elsewhere = ["doctor", "audit retention", "scenarios"];

    private readonly LedgerFolder _ledger = new();
    private readonly string _line = Path.GetTempFileName();

    public VerbTests()
    {
        _ledger.Write(acts: 2);
        File.WriteAllText(_line, "one line\n");
    }

    public static TheoryData<string, string> AskingVerbs => Of(Asking);

    public static TheoryData<string, string> LocalVerbs => Of(Local);

    public void Dispose()
    {
        _ledger.Dispose();
        File.Delete(_line);
    }

    [Fact]
    public void Verbs_OfTheTree_AreAllTriedHere() =>
        Assert.Equal(VerbTree.Leaves.Keys.Order(StringComparer.Ordinal), Asking.Keys.Concat(Local.Keys).Concat(Elsewhere).Append(WithoutJson).Order(StringComparer.Ordinal));

    [Fact]
    public void Json_OfEveryVerbThatPrintsData_IsAnOption() => Assert.Equal(
        [WithoutJson], VerbTree.Leaves.Where(static verb => verb.Value.Options.All(static option => option.Name != "--json")).Select(static verb => verb.Key));

    [Theory]
    [MemberData(nameof(AskingVerbs))]
    public async Task Json_NobodyListens_IsOneObjectOnTheErrorsAndNothingElse(string verb, string arguments)
    {
        var (code, output, errors) = await RunAsync($"{verb} {arguments} --json --server {Nobody}");

        Assert.Equal((ExitCodes.Unavailable, ""), (code, output));
        var last = JsonDocument.Parse(errors.TrimEnd().Split('\n')[^1]).RootElement; // before it, load says what it is about to do
        Assert.Equal("UNAVAILABLE", last.GetProperty("code").GetString());
        Assert.StartsWith(Nobody, last.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["code", "reason", "message", "field"], last.EnumerateObject().Select(static member => member.Name));
        Assert.DoesNotContain("198.18.7", errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LocalVerbs))]
    public async Task Json_WithoutAServer_IsDataThatParses(string verb, string arguments)
    {
        var (code, output, _) = await RunAsync($"{verb} {arguments} --json");

        Assert.Equal(ExitCodes.Ok, code);
        foreach (var document in verb is "ledger digests" ? output.TrimEnd().Split('\n') : [output])
        {
            using var parsed = JsonDocument.Parse(document);
        }
    }

    [Fact]
    public void Help_OfEveryVerb_PromisesNoArgumentsThatAreNotTaken() => Assert.All(VerbTree.Leaves.Keys, static verb =>
    {
        var output = new StringWriter();
        CommandLine.Root(new Terminal(output, TextWriter.Null, static _ => null)).Parse($"{verb} --help").Invoke(new InvocationConfiguration { Output = output });
        Assert.StartsWith("Description:", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Additional Arguments", output.ToString(), StringComparison.Ordinal);
    });

    private static TheoryData<string, string> Of(Dictionary<string, string> lines)
    {
        var data = new TheoryData<string, string>();
        foreach (var (verb, arguments) in lines)
        {
            data.Add(verb, arguments);
        }

        return data;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string line)
    {
        var arguments = line.Replace("{line}", _line, StringComparison.Ordinal).Replace("{mail}", Replays.MailEvents, StringComparison.Ordinal)
            .Replace("{ledger}", _ledger.FilePath, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments, new Terminal(output, errors, static _ => null, input: new StringReader("198.18.7.9\n")), CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
