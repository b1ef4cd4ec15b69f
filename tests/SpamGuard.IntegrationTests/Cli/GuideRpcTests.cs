using SpamGuard.Server.Callers;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The command line's guide has a verb for every RPC that a server serves, or says that there is none.</summary>
public sealed class GuideRpcTests
{
    /// <summary>What is asked by load balancers, proxies, and tools in development.</summary>
    private static readonly string[] WithoutVerb = ["Authorization/Check", "Health/Watch", "ServerReflection/ServerReflectionInfo"];

    [Fact]
    public void Rpcs_OfAServer_HaveAVerbEachOrAreNamedAsWithout()
    {
        var served = MethodRoles.All.Keys.Select(static path => path[(path.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal);
        var verbs = Pages.NamedRows("## Verbs").SelectMany(static row => row[2].Split(", ", StringSplitOptions.RemoveEmptyEntries)).Select(static rpc => rpc.Trim('`')).Distinct(StringComparer.Ordinal);
        var without = Pages.Section("## Verbs").Split("Of the RPCs that a server has ")[1].Split(" have no verb")[0].Split('`').Where(static part => part.Contains('/', StringComparison.Ordinal));

        Assert.Equal(WithoutVerb, without.Order(StringComparer.Ordinal));
        Assert.Equal(served.Order(StringComparer.Ordinal), verbs.Concat(WithoutVerb).Order(StringComparer.Ordinal));
    }
}
