using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages.Examples;

/// <summary>An example in another language, by its own guide and program, against a real server.</summary>
public abstract partial class ExampleTests(ExampleFixture example, CallerServerFixture secured)
{
    private const string Guided = "203.0.113.9";
    private const string Planted = "198.51.100.99";

    [Fact]
    public async Task Guide_FollowedToTheLetter_ShowsEveryVerdictAndReportsChallenges()
    {
        Assert.True(example.Guide.ExitCode == 0, example.Guide.Output + example.Guide.Errors);
        Assert.All((string[])["VERDICT_ALLOW", "VERDICT_CHALLENGE", "VERDICT_THROTTLE", "VERDICT_DENY"], verdict => Assert.Contains($"{verdict} ", example.Guide.Output.Replace('"', ' '), StringComparison.Ordinal));
        Assert.All(example.Told, told => Assert.Contains(Shape(told), Shape(example.Guide.Output), StringComparison.Ordinal));
        Assert.DoesNotContain("fallback", example.Guide.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Guided, example.Guide.Output + example.Guide.Errors, StringComparison.Ordinal);
        Assert.Matches("spamguard_feedback_total{label=\"challenge_failed\",verdict=\"CHALLENGE\"} [1-9]", await example.Server.MetricsAsync());
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public async Task SignUp_AddressAsText_IsWelcome(string address) =>
        Assert.Matches("^VERDICT_ALLOW .*by service: welcome\n$", (await SignUpAsync(address)).Output);

    [Fact]
    public async Task Message_AddressAsBytes_IsScoredAndReported()
    {
        var run = await example.RunAsync(example.Bytes);

        Assert.Contains(example.BytesAnswer, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignUp_BadAddress_EndsWithTheFieldAndHowToMendIt()
    {
        var run = await SignUpAsync($"{Planted}:80");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("event.address", run.Errors, StringComparison.Ordinal);
        Assert.Contains("no port", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignUp_NobodyListens_IsJudgedByTheFallback()
    {
        var nobody = $"127.0.0.1:{FreePorts.TakeOne()}";

        var run = await SignUpAsync(Planted, nobody, $"http://{nobody}");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("^VERDICT_ALLOW .*by fallback: welcome\n$", run.Output);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain(Planted, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignUp_ServiceHangs_IsJudgedByTheFallback()
    {
        example.Server.Pause();
        try
        {
            Assert.Matches("^VERDICT_ALLOW .*by fallback: welcome\n$", (await SignUpAsync(Planted, deadline: 250)).Output);
        }
        finally
        {
            example.Server.Resume();
        }
    }

    [Fact]
    public async Task SignUp_UnavailableAtFirst_IsTriedAgainWithTheSameRequestId()
    {
        await using var unreliable = await UnreliableService.StartAsync();

        var run = await SignUpAsync(Planted, unreliable.Grpc, $"http://{unreliable.Http}");

        Assert.Matches("^VERDICT_ALLOW .*by service: welcome\n$", run.Output);
        Assert.Equal(2, unreliable.RequestIds.Count);
        Assert.True(Guid.TryParse(Assert.Single(unreliable.RequestIds.Distinct(StringComparer.Ordinal)), CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task SignUp_WithACallersCertificate_IsTaken() =>
        Assert.Matches("^VERDICT_ALLOW .*by service: welcome\n$", (await SignUpAsync("r3", "192.0.2.77")).Output);

    [Fact]
    public async Task SignUp_OfACallerWithoutTheRole_IsJudgedByTheFallbackAndSaysWhy()
    {
        var run = await SignUpAsync("r16", Planted);

        Assert.Matches("^VERDICT_ALLOW .*by fallback: welcome\n$", run.Output);
        Assert.Contains("Roles that may: scorer", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignUp_OfACallerBeyondItsQuota_IsNotLetInForFree()
    {
        const string Own = "203.0.113.66"; // the server of callers is everybody's here, and each sign-up counts

        var run = await SignUpAsync("score-limited", string.Join("\n", Enumerable.Repeat(Own, 7)));

        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal((7, 5), (lines.Length, lines.Count(static line => line.Contains(" by service: ", StringComparison.Ordinal))));
        Assert.All(lines[5..], static line => Assert.Matches("^VERDICT_CHALLENGE .*by fallback: the challenge is not passed$", line));
        Assert.DoesNotContain(Own, run.Output + run.Errors, StringComparison.Ordinal);
    }

    // Who has used up the quota, or is refused again and again with a verdict between, would be let in each time.
    [Fact]
    public async Task Fallback_OfRefusalsWithVerdictsBetween_IsBoundedByTheGrace()
    {
        (int Second, StatusCode Status, string Told)[] calls =
        [
            (0, StatusCode.PermissionDenied, "VERDICT_ALLOW fallback"),
            (5, StatusCode.OK, "VERDICT_ALLOW service"),
            (31, StatusCode.Unimplemented, "VERDICT_CHALLENGE fallback"),
            (32, StatusCode.ResourceExhausted, $"VERDICT_CHALLENGE fallback{example.Again}"),
            (41, StatusCode.OK, "VERDICT_ALLOW service"), // ten seconds after the last that was an outage
            (42, StatusCode.ResourceExhausted, $"VERDICT_CHALLENGE fallback{example.Again}"), // at once
            (80, StatusCode.Unauthenticated, "VERDICT_ALLOW fallback"), // the first of another outage
        ];
        await using var unreliable = await UnreliableService.StartAsync(call => calls[call - 1].Status);

        var run = await example.RunAsync(example.Timed(string.Join(' ', calls.Select(static call => call.Second))), unreliable.Grpc, $"http://{unreliable.Http}");

        Assert.Equal(calls.Select(static call => call.Told), run.Output.TrimEnd().Split('\n').Select(static line => line.TrimEnd()));
    }

    [Fact]
    public async Task SignUp_WithAProxyForTheWayOut_IsAskedAboutWithoutIt()
    {
        const string Proxies = "export http_proxy=http://127.0.0.1:1 no_proxy= NO_PROXY=; export https_proxy=$http_proxy grpc_proxy=$http_proxy all_proxy=$http_proxy";

        var run = await example.RunAsync($"{Proxies}; echo 192.0.2.8 | {example.Program}");

        Assert.Matches("^VERDICT_ALLOW .*by service: welcome\n$", run.Output);
    }

    [Fact]
    public async Task SignUp_OfACallerThatMayNotReport_GoesOnWithoutTheReport()
    {
        var run = await SignUpAsync(CallerServerFixture.Roles("scorer"), string.Join("\n", Enumerable.Repeat(Planted, 6)));

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(6, run.Output.Count(static one => one == '\n'));
        Assert.Contains("VERDICT_CHALLENGE", run.Output, StringComparison.Ordinal);
        Assert.Contains("Roles that may: reporter", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, run.Output + run.Errors, StringComparison.Ordinal);
    }

    // Up to what is cut in a guide or different each time, and without probabilities, which a store that is late for a call changes.
    private static string Shape(string printed) => Probability().Replace(printed, "p").Split("\"decisionToken\"")[0].Trim();

    [GeneratedRegex(@"\b0\.[0-9]+")]
    private static partial Regex Probability();

    private Task<CommandRun> SignUpAsync(string address, string? grpc = null, string? http = null, int deadline = 10_000) =>
        example.RunAsync($"echo {address} | {example.Program}", grpc, http, deadline);

    private Task<CommandRun> SignUpAsync(string caller, string address)
    {
        var certificate = secured.Mounted.Client(CallerServerFixture.Uri(caller));
        var (grpc, http) = (new Uri(secured.Url(Listener.Grpc)).Port, new Uri(secured.Url(Listener.Http)).Port);
        return example.RunAsync(
            $"printf '{address}\n' | {example.Program} {example.AuthorityFlag} {secured.Mounted.PathOf("ca.crt")} --cert {certificate.CertificatePath} --key {certificate.KeyPath}",
            $"localhost:{grpc}",
            $"https://localhost:{http}");
    }
}

/// <summary>Node.js.</summary>
public sealed class NodeExampleTests(NodeExample example, CallerServerFixture secured) : ExampleTests(example, secured), IClassFixture<NodeExample>, IClassFixture<CallerServerFixture>
{
    [Fact]
    public async Task Fallback_AfterTheGrace_IsAChallenge() =>
        Assert.Equal("VERDICT_CHALLENGE fallback\n", (await example.RunAsync(NodeExample.AfterGrace, $"127.0.0.1:{FreePorts.TakeOne()}")).Output);
}

/// <summary>Python.</summary>
public sealed class PythonExampleTests(PythonExample example, CallerServerFixture secured) : ExampleTests(example, secured), IClassFixture<PythonExample>, IClassFixture<CallerServerFixture>
{
    [Fact]
    public async Task Fallback_AfterTheGrace_IsAChallenge() =>
        Assert.Equal("VERDICT_CHALLENGE fallback\n", (await example.RunAsync(PythonExample.AfterGrace, $"127.0.0.1:{FreePorts.TakeOne()}")).Output);
}

/// <summary>curl.</summary>
public sealed class CurlExampleTests(CurlExample example, CallerServerFixture secured) : ExampleTests(example, secured), IClassFixture<CurlExample>, IClassFixture<CallerServerFixture>
{
    [Fact]
    public async Task Guide_WithAProxyForTheWayOut_AsksWithoutIt() =>
        Assert.DoesNotMatch("curl -s (?!--noproxy '[*]' )", await File.ReadAllTextAsync(Path.Combine(Protos.Folder, "examples", "curl", "README.md")));
}
