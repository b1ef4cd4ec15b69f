using System.Text;
using SpamGuard.Cli.Replay;

namespace SpamGuard.Tests.Replay;

/// <summary>Replays of text, without a command line.</summary>
internal static class Replays
{
    public const string Header = "time,kind,address,account,content,label,reported_as,reported_at";

    public const string GoodRow = "2001-06-25T11:18:19.000Z,message,219.92.120.62,,,spam,,";

    public static string MailEvents { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "mail-events.csv");

    public static string Csv(params IEnumerable<string> rows) => string.Join('\n', rows.Prepend(Header)) + "\n";

    public static Stream Stream(string csv) => new MemoryStream(Encoding.UTF8.GetBytes(csv));

    /// <summary>The result, the decisions, and the faults that were told.</summary>
    public static async Task<(ReplayResult? Result, string[] Decisions, List<string> Faults)> RunAsync(Func<Stream> csv, ReplayOptions? options = null)
    {
        options ??= new ReplayOptions();
        using var first = MailEventReader.Open(csv(), options.ReadsAccounts, options.ReadsContents, out _)!;
        using var reader = MailEventReader.Open(csv(), options.ReadsAccounts, options.ReadsContents, out _)!;
        var (written, faults) = (new StringWriter(), new List<string>());
        await using var decisions = new DecisionWriter(written);
        using var runner = new ReplayRunner(options, FileSurvey.Of(first, moved: null, CancellationToken.None), decisions, fault => faults.Add(fault.ToString()));
        var result = runner.Run(reader, CancellationToken.None);
        return (result, written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), faults);
    }

    public static Task<(ReplayResult? Result, string[] Decisions, List<string> Faults)> RunAsync(string csv, ReplayOptions? options = null) =>
        RunAsync(() => Stream(csv), options);

    /// <summary>What was answered about each row: its probability of spam.</summary>
    public static List<double> Probabilities(IEnumerable<string> decisions) =>
        [.. decisions.Skip(1).Select(line => double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture))];
}
