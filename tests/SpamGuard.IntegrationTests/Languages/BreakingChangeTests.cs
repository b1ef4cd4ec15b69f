using Google.Protobuf.Reflection;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages;

/// <summary>What would break a caller of the last release does not pass: by buf, and where buf does not look, which is paths of HTTP, by a comparison of ours.</summary>
public sealed class BreakingChangeTests : IDisposable
{
    private const string Scoring = "scoring_service.proto";

    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("spamguard-interface-");

    public void Dispose() => _copy.Delete(recursive: true);

    [Theory]
    [InlineData(Scoring, "string request_id = 2;", "string request_id = 3;", "field \"2\" with name \"request_id\" on message \"ScoreRequest\" was deleted")]
    [InlineData(Scoring, "double spam_probability = 4;", "string spam_probability = 4;", "changed type from \"double\" to \"string\"")]
    [InlineData("event.proto", "EVENT_KIND_MESSAGE = 2;", "EVENT_KIND_MAIL = 2;", "changed name from \"EVENT_KIND_MESSAGE\" to \"EVENT_KIND_MAIL\"")]
    [InlineData(Scoring, "rpc Explain(", "rpc ExplainAll(", "RPC \"Explain\" on service \"ScoringService\" was deleted")]
    public async Task Lint_ChangeThatBreaksCallers_IsReported(string file, string found, string planted, string fault)
    {
        var lint = await LintAsync(file, found, planted);

        Assert.NotEqual(0, lint.ExitCode);
        Assert.Contains(fault, lint.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Scoring, "string request_id = 2;", "string request_id = 2;\n\n  // More.\n  string more = 3;")]
    [InlineData("event.proto", "EVENT_KIND_MESSAGE = 2;", "EVENT_KIND_MESSAGE = 2;\n  // A vote.\n  EVENT_KIND_VOTE = 3;")]
    public async Task Lint_ChangeThatAdds_IsNotReported(string file, string found, string planted)
    {
        var lint = await LintAsync(file, found, planted);

        Assert.True(lint.ExitCode == 0, lint.Output + lint.Errors);
    }

    [Theory]
    [InlineData("string request_id = 2;", "string request_id = 3;", false)]
    [InlineData("string request_id = 2;", "string request_id = 2;\n\n  // More.\n  string more = 3;", true)]
    public async Task Release_Change_IsTakenOverUnlessItBreaksCallers(string found, string planted, bool isTaken)
    {
        await PlantAsync(Scoring, found, planted);

        var release = await CommandRun.OfAsync(["bash", "protos/release"], _copy.FullName);

        Assert.Equal(isTaken, release.ExitCode == 0);
        var now = await File.ReadAllBytesAsync(Path.Combine(_copy.FullName, "protos", "spamguard.binpb"));
        var before = await File.ReadAllBytesAsync(Protos.ReleasePath);
        Assert.Equal(isTaken, !now.SequenceEqual(before));
        Assert.Equal(isTaken, Protos.Files(now).SelectMany(static file => file.MessageTypes).Single(static message => message.FullName == "spamguard.v1.ScoreRequest").FindFieldByName("more") is not null);
    }

    [Fact]
    public async Task Paths_OfTheLastRelease_AreThereAndLeadToTheSame() =>
        Assert.Empty(BrokenPaths(Protos.Release(), await Protos.CurrentAsync()));

    [Theory]
    [InlineData("post: \"/v1/events:preview\"", "post: \"/v1/events:look\"", "POST /v1/events:preview no longer leads to spamguard.v1.ScoringService.Preview with the body *")]
    [InlineData("post: \"/v1/events:preview\"", "put: \"/v1/events:preview\"", "POST /v1/events:preview no longer leads to spamguard.v1.ScoringService.Preview with the body *")]
    [InlineData("post: \"/v1/events:preview\"\n      body: \"*\"", "post: \"/v1/events:preview\"\n      body: \"event\"", "POST /v1/events:preview no longer leads to spamguard.v1.ScoringService.Preview with the body *")]
    public async Task Paths_ChangePlanted_IsReported(string found, string planted, string fault)
    {
        await PlantAsync(Scoring, found, planted);
        var path = Path.Combine(_copy.FullName, "planted.binpb");
        await CommandRun.OutputOfAsync(["bash", "-c", ". protos/tools; build_descriptor \"$0\"", path], _copy.FullName);

        Assert.Equal([fault], BrokenPaths(Protos.Release(), Protos.Files(await File.ReadAllBytesAsync(path))));
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("", 0)]
    public async Task Run_WithoutNode_SaysThatNothingIsLintedAndUnderCiFails(string ci, int exitCode)
    {
        var lint = (await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Folder, "tests", "run"))).Split("lint_protos() {")[1].Split("\n}")[0];

        var run = await CommandRun.OfAsync([InstalledProgram.Find("bash", "bash"), "-c", $"say() {{ echo \"$*\"; }}\nlint_protos() {{{lint}\n}}\nlint_protos"], variables: [new("PATH", "/nowhere"), new("CI", ci)]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("PROTOS NOT LINTED, NOR HELD AGAINST THE LAST RELEASE", run.Output, StringComparison.Ordinal);
    }

    // Callers build from it, the examples too. Once there is a release it stays what that was.
    [Fact]
    public async Task Descriptor_AsLongAsNothingIsReleased_IsThatOfTheProtos()
    {
        var isReleased = (await File.ReadAllLinesAsync(Path.Combine(RepositoryRoot.Folder, "CHANGELOG.md")))
            .Any(static line => line.StartsWith("## [", StringComparison.Ordinal) && !line.StartsWith("## [Unreleased]", StringComparison.Ordinal));

        Assert.True(isReleased || Same(Protos.Release(), await Protos.CurrentAsync()), "Make protos/spamguard.binpb anew: protos/release");
    }

    private static bool Same(IEnumerable<FileDescriptor> one, IEnumerable<FileDescriptor> other) => Plain(one).SequenceEqual(Plain(other));

    private static IEnumerable<FileDescriptorProto> Plain(IEnumerable<FileDescriptor> files) => files.Select(static file =>
    {
        var proto = file.ToProto();
        proto.SourceCodeInfo = null;
        return proto;
    });

    private static IEnumerable<string> BrokenPaths(IEnumerable<FileDescriptor> release, IEnumerable<FileDescriptor> current) =>
        Protos.JsonMethods(release).Select(Told).Except(Protos.JsonMethods(current).Select(Told), StringComparer.Ordinal);

    private static string Told((MethodDescriptor Method, Google.Api.HttpRule Rule) one) =>
        $"{Protos.Route(one.Rule).Verb} {Protos.Route(one.Rule).Path} no longer leads to {one.Method.FullName} with the body {one.Rule.Body}";

    private async Task<CommandRun> LintAsync(string file, string found, string planted)
    {
        await PlantAsync(file, found, planted);
        return await CommandRun.OfAsync(["bash", "protos/lint"], _copy.FullName);
    }

    // The whole module in another folder, with the tools of this one.
    private async Task PlantAsync(string file, string found, string planted)
    {
        await Protos.CurrentAsync();
        await CommandRun.OutputOfAsync(
            [
                "sh", "-c",
                "cp buf.yaml Directory.Packages.props \"$0\" && mkdir \"$0/protos\" \"$0/.tools\" && cp -r $(ls -d protos/* | grep -v examples) \"$0/protos\" "
                    + "&& cp -r .tools/protos \"$0/.tools\" && ln -s \"$PWD/.tools/node_modules\" \"$0/.tools/node_modules\"",
                _copy.FullName,
            ]);
        var path = Path.Combine(_copy.FullName, "protos", "spamguard", "v1", file);
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains(found, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(found, planted, StringComparison.Ordinal));
    }
}
