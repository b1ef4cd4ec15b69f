using System.Globalization;
using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.Promise.World;

/// <summary>What strace saw a process ask of the system: to bring files to the disk.</summary>
internal static partial class SyncTrace
{
    /// <summary>The program.</summary>
    public const string Program = "strace";

    /// <summary>What a shell does before it starts the process. The process keeps its id, and only these calls of it are looked at.</summary>
    /// <param name="path">Takes what is seen.</param>
    public static string Prefix(string path) =>
        $"{FileSizeLimit.IgnoreItsSignal} {Program} -D -f --seccomp-bpf -qq -y -ttt -T -e trace=fsync,fdatasync -e signal=none -o '{path}'";

    /// <summary>When each fsync of a file had ended well, in unix seconds.</summary>
    /// <param name="path">What was seen.</param>
    /// <param name="file">The file.</param>
    public static IReadOnlyList<double> Read(string path, string file)
    {
        var (ended, begun) = (new List<double>(), new Dictionary<string, string>(StringComparer.Ordinal));
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (Call().Match(line) is not { Success: true } call)
            {
                continue;
            }

            var (thread, rest) = (call.Groups["thread"].Value, call.Groups["rest"].Value);
            var isResumed = !call.Groups["file"].Success;
            var of = isResumed ? begun.GetValueOrDefault(thread) : call.Groups["file"].Value;
            if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = of!;
            }
            else if (of == file && Done().Match(rest) is { Success: true } done)
            {
                // What is resumed has the time of its end; what is on one line that of its begin.
                ended.Add(Number(call.Groups["time"].Value) + (isResumed ? 0 : Number(done.Groups["seconds"].Value)));
            }
        }

        return ended;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<time>\d+\.\d+) (?:f(?:data)?sync\(\d+<(?<file>[^>]*)>|<\.\.\. f(?:data)?sync resumed>)(?<rest>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\) += 0 <(?<seconds>[\d.]+)>$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Done();
}
