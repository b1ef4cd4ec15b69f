using System.Net;
using System.Net.Http.Json;
using SpamGuard.AspNetCore;
using SpamGuard.IntegrationTests.Client;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>The packages as another code base gets them: packed, restored from a folder, and the guide's own commands followed, its first example compiled, run and called.</summary>
[Collection(nameof(PackagesCollection))]
public sealed class ChecksPackageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Packages_InAProjectOfItsOwn_LetThroughAndThenAskForProof()
    {
        using var trial = new PackageTrial();
        var dll = await trial.FollowAsync(
            "src/SpamGuard.AspNetCore/README.md",
            "~/sign-up",
            PackageTrial.Example(
                "src/SpamGuard.AspNetCore/README.md",
                "options => options.Address = new Uri(\"http://127.0.0.1:5080\")",
                "options => { options.Address = new Uri(Environment.GetEnvironmentVariable(\"SERVER\")!); options.Timeout = TimeSpan.FromSeconds(10); }"));
        trial.AssertPacked("SpamGuard.Client", ClientPackageTests.Needed);
        trial.AssertPacked("SpamGuard.AspNetCore", "SpamGuard.Client", "Microsoft.AspNetCore.App");
        await using var program = await WebProgram.StartAsync(
            dll, new Dictionary<string, string?>(StringComparer.Ordinal) { ["SERVER"] = server.Url(Listener.Grpc), ["HOME"] = trial.Folder, ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        using var http = new HttpClient { BaseAddress = program.Url };

        Assert.Equal((HttpStatusCode.OK, "ann is accepted: Allow by Service"), await SignUpAsync());
        await Poll.UntilAsync(async () =>
        {
            var (status, body) = await SignUpAsync();
            return status == HttpStatusCode.Forbidden && body.Contains(SpamGuardChallenge.ProblemType, StringComparison.Ordinal);
        }).DefaultTimeout();
        Assert.Contains("Connected to SpamGuard at ", program.Output, StringComparison.Ordinal);

        async Task<(HttpStatusCode Status, string Body)> SignUpAsync()
        {
            using var response = await http.PostAsJsonAsync("/sign-up", new { name = "ann" }).DefaultTimeout();
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}
