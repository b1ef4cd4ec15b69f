extern alias cli;

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using cli::SpamGuard.Cli;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>report --file</c> against the real server: every row counts once, however the run goes.</summary>
public sealed partial class OutcomeFileTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private const int Rows = 300;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-outcomes-");

    [Fact]
    public async Task Report_FileTwice_CountsEveryRowOnce()
    {
        var csv = Write("91.1");

        var (code, first, errors) = await RunAsync(csv, "--rate", "5000");
        var (again, second, _) = await RunAsync(csv, "--rate", "5000");

        Assert.Equal((ExitCodes.Ok, "", ExitCodes.Ok), (code, errors, again));
        Assert.Equal((Rows, Rows, 0), (Count(first, "sent"), Count(first, "applied"), Count(first, "duplicate")));
        Assert.Equal((Rows, 0, Rows), (Count(second, "sent"), Count(second, "applied"), Count(second, "duplicate")));
        Assert.All(await SpamReportsAsync("91.1"), count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Report_DryRun_SendsNothing()
    {
        var (code, output, _) = await RunAsync(Write("91.2"), "--dry-run");

        Assert.Equal((ExitCodes.Ok, Rows), (code, Count(output, "would_send")));
        Assert.All(await SpamReportsAsync("91.2"), count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task Report_StoppedAndGoneOnWith_CountsEveryRowOnce()
    {
        var csv = Write("91.3");
        using var cancel = new CancellationTokenSource();

        var running = RunAsync(csv, ["--rate", "50"], cancel.Token);
        await Poll.UntilAsync(async () => (await SpamReportsAsync("91.3")).Sum() > 20).DefaultTimeout();
        await cancel.CancelAsync();
        var (stopped, _, told) = await running;

        Assert.Equal(ExitCodes.Interrupted, stopped);
        var from = ResumeAt().Match(told);
        Assert.True(from.Success, told);
        Assert.InRange(int.Parse(from.Groups["line"].Value, CultureInfo.InvariantCulture), 3, Rows);
        Assert.Contains((await SpamReportsAsync("91.3")), count => count == 0);

        var (code, rest, _) = await RunAsync(csv, "--rate", "5000", "--from", from.Groups["line"].Value);
        var (_, all, _) = await RunAsync(csv, "--rate", "5000");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(Rows + 2 - int.Parse(from.Groups["line"].Value, CultureInfo.InvariantCulture), Count(rest, "sent"));
        Assert.Equal(Rows, Count(all, "duplicate"));
        Assert.All(await SpamReportsAsync("91.3"), count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Report_RowsAtFault_AreToldWithoutTheirAddressAndTheOthersCount()
    {
        var csv = Write("91.4", "message,91.4.9.999,spam", "message,91.4.9.9,ham");

        var (code, output, errors) = await RunAsync(csv, "--rate", "5000");

        Assert.Equal((ExitCodes.Ok, Rows, 2), (code, Count(output, "applied"), Count(output, "skipped")));
        Assert.Equal(
            [
                $"line {Rows + 2}: address: not an IPv4 or IPv6 address",
                $"line {Rows + 3}: label: write legitimate, spam, challenge_passed",
            ],
            errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Report_OfACallerThatIsNotTrusted_SaysThatNothingCounted()
    {
        var policies = server.Services.GetRequiredService<PolicySource>();
        var before = policies.Current.Policy;
        policies.Replace(before with { ReportsTrustedByDefault = false });
        try
        {
            var (code, output, errors) = await RunAsync(Write("91.5"), "--rate", "5000");

            Assert.Equal((ExitCodes.Ok, Rows, 0), (code, Count(output, "untrusted"), Count(output, "applied")));
            Assert.Contains("does not trust the reports of this caller", errors, StringComparison.Ordinal);
        }
        finally
        {
            policies.Replace(before);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<(int Code, string Output, string Errors)> RunAsync(string csv, string[] arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, name => name == "SPAMGUARD_SERVER" ? server.Url(Listener.Grpc) : null);
        var code = await Verbs.RunAsync(["report", "--file", csv, "--json", .. arguments], terminal, cancellationToken).TimeoutAfter(TimeSpan.FromMinutes(1));
        return (code, output.ToString(), errors.ToString());
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string csv, params string[] arguments) => RunAsync(csv, arguments, CancellationToken.None);

    private string Write(string network, params string[] more)
    {
        var path = Path.Combine(_folder.FullName, "outcomes.csv");
        File.WriteAllLines(path, [.. Addresses(network).Select(address => $"message,{address},spam").Prepend("kind,address,label"), .. more]);
        return path;
    }

    // What the store holds, and not what anybody was answered.
    private async Task<int[]> SpamReportsAsync(string network)
    {
        var live = server.Services.GetRequiredService<EpochKeeper>().Live(server.Services.GetRequiredService<StoreClock>().Now)!;
        var keys = Addresses(network).Select(text =>
        {
            Assert.True(ClientAddress.TryParse(text, out var address));
            return EventFootprint.Of(EventKind.Message, address, default, default, [], live, ScoringPolicy.Default).Subjects[0].Current;
        });
        var records = await server.Services.GetRequiredService<ISignalStore>().ReadAsync([.. keys], default).DefaultTimeout();
        return [.. records.Select(record => record.Spam)];
    }

    private static IEnumerable<string> Addresses(string network) =>
        Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{network}.{i / 100}.{i % 100}"));

    private static int Count(string json, string figure)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.GetProperty(figure).GetInt32();
    }

    [GeneratedRegex(@"--from (?<line>\d+)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex ResumeAt();
}
