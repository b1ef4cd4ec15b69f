using System.Text;
using SpamGuard.Policies.Files;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The files that the pages show are read as the service reads them. Their C# is compiled and run by the tests of the client's package.</summary>
public sealed class PageExampleTests
{
    [Fact]
    public void Policies_OfThePages_CanBeUsed()
    {
        var files = ((string[])["## The first week", "## Policy"]).Select(static heading => PolicyFile.Read(Yaml(heading))).ToList();

        Assert.All(files, file => Assert.Empty(file.Faults));
        var (shadow, whole) = (files[0].Policy!, files[1].Policy!);
        Assert.Equal((SpamGuard.Policies.Verdict.Allow, SpamGuard.Policies.Verdict.Deny), (shadow.SignUp.Cap, shadow.Candidate!.SignUp.Cap));
        Assert.Equal((SpamGuard.Policies.Verdict.Throttle, .25), (whole.SignUp.Cap, whole.Candidate!.SignUp.ChallengeFrom));
    }

    [Fact]
    public void Callers_OfThePages_CanBeUsed()
    {
        var callers = CallerFile.Read(Yaml("## Callers"), out var faults);

        Assert.Empty(faults);
        Assert.Equal(
            [("sign-up-form", CallerRoles.Scorer | CallerRoles.Reporter), ("on-call", CallerRoles.Operator), ("legal-desk", CallerRoles.Legal), ("privacy-desk", CallerRoles.Privacy)],
            callers.Select(caller => (caller.Name, caller.Roles)));
        Assert.All(callers, caller => Assert.Equal(Quota.Subjects, caller.Quotas[QuotaClass.Subject])); // named or not: it shows the default
    }

    private static byte[] Yaml(string heading) => Encoding.UTF8.GetBytes(Assert.Single(Pages.Section(heading).Split("```yaml\n").Skip(1)).Split("```")[0]);
}
