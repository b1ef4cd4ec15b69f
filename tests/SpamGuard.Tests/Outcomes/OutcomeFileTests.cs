using System.Text.Json;
using SpamGuard.Cli;
using SpamGuard.Tests.Cli;
using SpamGuard.Tests.Replay;

namespace SpamGuard.Tests.Outcomes;

/// <summary><c>report --file</c> where there is no server.</summary>
public sealed class OutcomeFileTests : IDisposable
{
    private const string Nobody = "http://127.0.0.1:1"; // nothing listens on port 1

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-outcomes-");

    [Fact]
    public async Task Report_DryRun_ChecksEveryRowAndNeedsNoServer()
    {
        var csv = Write("kind,address,label", "message,198.18.7.9,spam", "message,198.18.7.999,spam", "sign_up,198.18.7.9,challenge_passed", "message,198.18.7.8,spam");

        var (code, output, errors) = await CommandLines.RunAsync(["report", "--file", csv, "--dry-run", "--server", Nobody]);
        var (_, json, _) = await CommandLines.RunAsync(["report", "--file", csv, "--dry-run", "--json"]);

        Assert.Equal((ExitCodes.Ok, "line 3: address: not an IPv4 or IPv6 address"), (code, errors.TrimEnd()));
        Assert.Equal(
            ["rows\tcount", "message spam\t2", "sign_up challenge_passed\t1", "would send\t3", "skipped\t1"],
            output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(3, parsed.RootElement.GetProperty("would_send").GetInt32());
        Assert.Equal(2, parsed.RootElement.GetProperty("by_kind_and_label").GetProperty("message spam").GetInt32());
    }

    [Fact]
    public async Task Report_DryRunOfAReplaysFile_TakesEveryRow()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["report", "--file", Replays.MailEvents, "--dry-run"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.Contains("would send\t5262", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--server=" + Nobody)]
    public async Task Report_TooManyRowsAtFault_GivesUp(string mode)
    {
        var csv = Write([.. Enumerable.Repeat("message,198.18.7.999,spam", 5).Prepend("kind,address,label")]);

        var (code, _, errors) = await CommandLines.RunAsync(["report", "--file", csv, "--max-errors", "2", mode]);

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("line 4: address", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("line 5:", errors, StringComparison.Ordinal);
        Assert.Contains("More than 2 rows are at fault (--max-errors): given up.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("198.18", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind,address,label", "FILE holds no row that could be sent.")]
    [InlineData("kind,label", "line 1: header: without address")]
    public async Task Report_FileWithNothingToSend_IsAFailure(string header, string expected)
    {
        var (code, _, errors) = await CommandLines.RunAsync(["report", "--file", Write(header), "--server", Nobody]);

        Assert.Equal(ExitCodes.Failure, code);
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NoServer_IsUnavailableAndPrintsWhatWasDone()
    {
        var csv = Write("kind,address,label", "message,198.18.7.9,spam");

        var (code, output, errors) = await CommandLines.RunAsync(["report", "--file", csv, "--retries", "0", "--server", Nobody]);

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("sent\t0", output, StringComparison.Ordinal);
        Assert.StartsWith($"UNAVAILABLE: {Nobody}: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("198.18", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NoSuchFile_ExitsWithNotFound()
    {
        var (code, _, _) = await CommandLines.RunAsync(["report", "--file", Path.Combine(_folder.FullName, "absent.csv")]);

        Assert.Equal(ExitCodes.NotFound, code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, "outcomes.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
