using System.Globalization;
using System.Text.RegularExpressions;
using SpamGuard.IntegrationTests.Deployment;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>
/// Each guide is followed as it is written: its commands, one after the other, in one shell. What is another: the ports, where files are written, and that what
/// <c>dotnet run</c> would build is there already.
/// </summary>
public sealed partial class EdgeGuideTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] Ports = ["5080", "5081", "5082", "5083", "5084", "5090", "5091", "5180", "5181", "5182", "5183", "5184", "8080", "8081"];

    [Fact]
    public async Task Nginx_AsWritten_LeadsToAVerdict()
    {
        var output = await FollowAsync("nginx");

        Assert.Matches("^Healthy\nPOST /sign-up verdict=allow probability=0.05 reasons=PRIOR,[A-Z_,]*PRIVATE_ADDRESS[A-Z_,]* quality=(full|degraded) token=A", output);
        Assert.Matches("\n(verdict=allow\n)*(verdict=challenge\n)+(\"status\":429\n)+(\"status\":403\n)+HTTP/1.1 403 Forbidden\r\n", output);
        Assert.Equal(2, Forbidden().Count(output)); // the lie does not help
        Assert.Contains("GET /anything-else verdict= probability=", output, StringComparison.Ordinal);
        Assert.EndsWith("POST /sign-up verdict= probability= reasons= quality= token= away=yes\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Haproxy_AsWritten_LeadsToAVerdict()
    {
        var output = await FollowAsync("haproxy");

        Assert.Equal(2, Verdict().Count(output)); // before and after one of two has ended
        Assert.Equal([2, 2], Handled().Matches(output).Select(static match => int.Parse(match.Groups["calls"].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Envoy_AsWritten_LeadsToAVerdict()
    {
        var output = await FollowAsync("envoy");

        Assert.Matches("^Healthy\npasses\n  x-spamguard-verdict: allow\n  x-spamguard-probability: 0.05\n  x-spamguard-reasons: PRIOR[A-Z_,]*\n  x-spamguard-decision-token: A", output);
        Assert.Matches("\n(  x-spamguard-verdict: allow\n)*(  x-spamguard-verdict: challenge\n)+(  x-spamguard-verdict: throttle\n)+(  x-spamguard-verdict: deny\n)+does not pass: Forbidden\n  x-spamguard-verdict: deny\n", output);
        Assert.Matches("\nerror INVALID_ARGUMENT: .*kind.*\n$", output);
        Assert.DoesNotContain("PRIVATE_ADDRESS", output, StringComparison.Ordinal); // the header's address, and not the source's
    }

    [Theory]
    [InlineData("nginx", "access_log off;")]
    [InlineData("envoy", "# No access_log:")]
    [InlineData("haproxy", "It writes no log.")]
    public void Configuration_OfEach_KeepsNoAddressInALog(string example, string says)
    {
        Assert.Matches(@"\*\*Logs\.\*\*|## Logs", Guide.OfExample(example).Text);
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Folder, "protos", "examples", example)), file => File.ReadAllText(file).Contains(says, StringComparison.Ordinal));
    }

    private static async Task<string> FollowAsync(string example)
    {
        var work = Directory.CreateTempSubdirectory("spamguard-guide-");
        try
        {
            var free = Ports.Zip(FreePorts.Take(Ports.Length)).ToDictionary(static pair => pair.First, static pair => pair.Second.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
            string Moved(string text) => Port().Replace(text, match => free.GetValueOrDefault(match.Value, match.Value));
            var examples = Path.Combine(RepositoryRoot.Folder, "protos", "examples", example);
            var copy = Directory.CreateDirectory(Path.Combine(work.FullName, "protos", "examples", example)).FullName;
            foreach (var file in Directory.EnumerateFiles(examples))
            {
                await File.WriteAllTextAsync(Path.Combine(copy, Path.GetFileName(file)), Moved(await File.ReadAllTextAsync(file)));
            }

            var here = AppContext.BaseDirectory;
            var commands = Moved(string.Join('\n', Guide.OfExample(example).Blocks("sh")))
                .Replace("dotnet build src/SpamGuard.Cli\n", "", StringComparison.Ordinal)
                .Replace("--no-build ", "", StringComparison.Ordinal)
                .Replace("dotnet run --project src/SpamGuard.Server", $"dotnet {Path.Combine(here, ServerProgram.Dll)} --environment Development --contentRoot {here}", StringComparison.Ordinal)
                .Replace("dotnet run --project src/SpamGuard.Cli --", string.Join(' ', [.. CommandLine()]), StringComparison.Ordinal);
            Assert.DoesNotContain("dotnet run", commands, StringComparison.Ordinal);

            // Whatever becomes of it, nothing goes on running.
            var run = await CommandRun.OfAsync(
                ["bash", "-c", $"trap 'kill $(jobs -p) $(cat artifacts/nginx/nginx.pid) 2> artifacts/kill.log' EXIT\n{commands}"],
                work.FullName,
                [
                    new("Listeners__Grpc__Port", free["5080"]), new("Listeners__Http__Port", free["5081"]), new("Listeners__Metrics__Port", free["5082"]),
                    new("Listeners__Health__Port", free["5083"]), new("Listeners__Transparency__Port", free["5084"]), new("Signals__Budget", "00:00:00.200"),
                ],
                Limit);
            return run.Output;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> CommandLine()
    {
        var start = CommandLineProgram.Of();
        return [start.FileName, .. start.ArgumentList];
    }

    [GeneratedRegex(@"(?<![\d.])\d{4}(?!\d)")]
    private static partial Regex Port();

    [GeneratedRegex("^HTTP/1.1 403", RegexOptions.Multiline)]
    private static partial Regex Forbidden();

    [GeneratedRegex("ALLOW|CHALLENGE")]
    private static partial Regex Verdict();

    [GeneratedRegex("\"OK\"\\} (?<calls>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Handled();
}
