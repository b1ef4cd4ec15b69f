using System.Text;
using SpamGuard.Policies.Files;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The README's files are read as the service reads them. Its C# is compiled and run by the tests of the client's package.</summary>
public sealed class ReadmeExampleTests
{
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
}
