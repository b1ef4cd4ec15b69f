using SpamGuard.IntegrationTests.Deployment;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages;

/// <summary>The interface by buf in somebody else's code base, from a fresh clone, as the guide says it.</summary>
public sealed class BufTests : IDisposable
{
    private const string Section = "## In another language";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2); // npm has something to fetch, and a busy machine of two cores

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-buf-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Recipe_InAFreshClone_GeneratesAllThatIsNeeded()
    {
        await Protos.CloneAsync(_folder.FullName);

        var run = await CommandRun.OfAsync(["bash", "-euc", Assert.Single(Guide.Calling.Blocks("sh", Section))], _folder.FullName, limit: Limit);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        var generated = Path.Combine(_folder.FullName, "artifacts", "typescript", "gen");
        Assert.Contains("export const ScoringService:", await File.ReadAllTextAsync(Path.Combine(generated, "spamguard", "v1", "scoring_service_pb.ts")), StringComparison.Ordinal);
        Assert.Equal(
            Protos.Release().Select(static file => file.Name).Where(static name => !name.StartsWith("google/protobuf/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(generated, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(generated, file).Replace("_pb.ts", ".proto", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Module_InAWorkspaceThatHasGoogleapis_Builds()
    {
        await Protos.CurrentAsync();
        var clone = _folder.CreateSubdirectory("clone");
        await Protos.CloneAsync(clone.FullName);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "buf.yaml"), Assert.Single(Guide.Calling.Blocks("yaml", Section)));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("proto").FullName, "vote.proto"),
            "syntax = \"proto3\";\nimport \"spamguard/v1/scoring_service.proto\";\nmessage Vote {\n  spamguard.v1.ScoreResponse answer = 1;\n}\n");
        Directory.Move(Path.Combine(clone.FullName, "protos"), Path.Combine(_folder.CreateSubdirectory("third_party").FullName, "spamguard"));

        await CommandRun.OutputOfAsync(["cp", "-r", Path.Combine(RepositoryRoot.Folder, ".tools", "protos"), Path.Combine(_folder.FullName, "third_party", "googleapis")]);
        await CommandRun.OutputOfAsync([Buf, "build"], _folder.FullName);
    }

    // A folder that git ignores would stop buf before it looks at anything.
    [Fact]
    public async Task Module_InAFreshClone_IsThere()
    {
        await Protos.CurrentAsync();
        await Protos.CloneAsync(_folder.FullName);

        var files = await CommandRun.OutputOfAsync([Buf, "ls-files"], _folder.FullName);

        Assert.Contains("protos/spamguard/v1/scoring_service.proto\n", files, StringComparison.Ordinal);
    }

    private static string Buf => Path.Combine(RepositoryRoot.Folder, ".tools", "node_modules", ".bin", "buf");
}
