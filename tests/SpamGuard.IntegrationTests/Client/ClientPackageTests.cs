using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The package as another code base gets it: the guide's own commands followed, and its example compiled and run.</summary>
[Collection(nameof(PackagesCollection))]
public sealed class ClientPackageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>A caller carries these along: each more is one that he must trust and keep up to date.</summary>
    internal static readonly string[] Needed =
        ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.HealthCheck", "Grpc.Net.Client", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options", "Polly.Core"];

    [Fact]
    public async Task Package_InAProjectOfItsOwn_GivesAVerdict()
    {
        using var trial = new PackageTrial();
        var program = await trial.FollowAsync(
            "protos/README.md",
            "~/verdict",
            PackageTrial.Example(
                "protos/README.md",
                "options => options.Address = new Uri(\"http://127.0.0.1:5080\")",
                "options => { options.Address = new Uri(args[0]); options.Timeout = TimeSpan.FromSeconds(10); }")); // a deadline that a busy machine keeps

        trial.AssertPacked("SpamGuard.Client", Needed);
        var said = await CommandRun.OutputOfAsync(["dotnet", program, server.Url(Listener.Grpc)], trial.Folder, limit: TimeSpan.FromMinutes(1));

        Assert.Contains("Allow 0.05 by Service", said, StringComparison.Ordinal);
        Assert.Contains("Connected to SpamGuard at ", said, StringComparison.Ordinal);
    }
}
