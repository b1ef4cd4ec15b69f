using System.Text;
using Grpc.Net.Client;
using SpamGuard.Policies.Files;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The README's C# is compiled and run here: the example below and the README must be the same text.</summary>
public sealed class ReadmeExampleTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Example_OfTheReadme_ScoresAnEvent()
    {
        var printed = await RunAsync(server.Url(Listener.Grpc), patience: 5000); // a machine that builds beside it answers late
        Assert.Equal("Allow 0.05", printed);
    }

    [Fact]
    public void Example_OfTheReadme_IsThisOne()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "README.md"));
        var shown = Between(readme, "```csharp\n", "```");
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "tests", "SpamGuard.IntegrationTests", "Documents", "ReadmeExampleTests.cs"));
        var run = Between(source, "// begin\n", "        // end")
            .Replace("GrpcChannel.ForAddress(url)", "GrpcChannel.ForAddress(\"http://127.0.0.1:5080\")", StringComparison.Ordinal)
            .Replace("AddMilliseconds(patience)", "AddMilliseconds(250)", StringComparison.Ordinal)
            .Replace("return FormattableString.Invariant($", "Console.WriteLine($", StringComparison.Ordinal);
        Assert.Equal(shown, string.Concat(run.Split('\n').Select(line => line.Length > 8 ? line[8..] + "\n" : line)));
    }

    [Fact]
    public void Policies_OfTheReadme_CanBeUsed()
    {
        var files = Yaml(ofCallers: false).Select(text => PolicyFile.Read(text)).ToList();

        Assert.All(files, file => Assert.Empty(file.Faults));
        var (shadow, whole) = (files[0].Policy!, files[1].Policy!);
        Assert.Equal((SpamGuard.Policies.Verdict.Allow, SpamGuard.Policies.Verdict.Deny), (shadow.SignUp.Cap, shadow.Candidate!.SignUp.Cap));
        Assert.Equal((SpamGuard.Policies.Verdict.Throttle, .25), (whole.SignUp.Cap, whole.Candidate!.SignUp.ChallengeFrom));
    }

    [Fact]
    public void Callers_OfTheReadme_CanBeUsed()
    {
        var callers = CallerFile.Read(Assert.Single(Yaml(ofCallers: true)), out var faults);

        Assert.Empty(faults);
        Assert.Equal(
            [("sign-up-form", CallerRoles.Scorer | CallerRoles.Reporter), ("on-call", CallerRoles.Operator), ("legal-desk", CallerRoles.Legal), ("privacy-desk", CallerRoles.Privacy)],
            callers.Select(caller => (caller.Name, caller.Roles)));
        Assert.All(callers, caller => Assert.Equal(Quota.Subjects, caller.Quotas[QuotaClass.Subject])); // named or not: it shows the default
    }

    private static IEnumerable<byte[]> Yaml(bool ofCallers) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "README.md")).Split("```yaml\n").Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            .Where(text => text.StartsWith("callers:", StringComparison.Ordinal) == ofCallers)
            .Select(Encoding.UTF8.GetBytes);

#pragma warning disable RS0030 // a caller's deadline is a time of his own clock
    private static async Task<string> RunAsync(string url, int patience)
    {
        // begin
        using var channel = GrpcChannel.ForAddress(url);
        await channel.ConnectAsync(); // once: the first call of a cold channel takes longer than any call after it
        var scoring = new ScoringService.ScoringServiceClient(channel);
        var answer = await scoring.ScoreAsync(
            new ScoreRequest
            {
                Event = new Event { Kind = EventKind.SignUp, Address = "203.0.113.9" },
                RequestId = Guid.NewGuid().ToString(), // once per logical call: the same one in every retry
            },
            deadline: DateTime.UtcNow.AddMilliseconds(patience));
        return FormattableString.Invariant($"{answer.Assessment.Verdict} {answer.Assessment.SpamProbability:0.00}");
        // end
    }
#pragma warning restore RS0030

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
