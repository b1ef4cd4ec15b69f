extern alias cli;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using cli::SpamGuard.Cli.Replay;

namespace SpamGuard.Benchmarks.Replay;

/// <summary>The verb <c>replay</c> without its command line, on events that are made while they are read: both readings of the file, on one thread.</summary>
internal static class ReplayBenchmark
{
    public const long DefaultEvents = 10_000_000;
    public const long FewestEvents = 10_000;
    public const long MostEvents = 1_000_000_000;

    private const int WarmUpEvents = 200_000;
    private const double Mega = 1 << 20;
    private static readonly TimeSpan ReferenceTime = TimeSpan.FromSeconds(1);

    /// <summary>Prints a line a length. Memory is the process' own at its highest so far, so the lengths ascend.</summary>
    public static async Task<int> RunAsync(long events, TextWriter output, CancellationToken cancellationToken)
    {
        await MeasureAsync(WarmUpEvents, cancellationToken);
        await output.WriteLineAsync(Text(
            $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores; a core's second is one of processor time, collector and compiler included;"));
        await output.WriteLineAsync("the reference is HMAC-SHA-256 of 16 bytes on one core, before and after each replay");
        await output.WriteLineAsync();
        await output.WriteLineAsync("    events   events/s  events/core s  reference/s  ratio  bytes/event  records held  peak MB");
        foreach (var length in new[] { events / 10, events / 2, events })
        {
            var m = await MeasureAsync(length, cancellationToken);
            await output.WriteLineAsync(Text(
                $"{length,10}{length / m.Elapsed.TotalSeconds,11:0}{length / m.Processor.TotalSeconds,15:0}{m.Reference,13:0}{length / m.Processor.TotalSeconds / m.Reference,7:0.000}{m.Allocated / length,13}{m.Records,14}{m.PeakBytes / Mega,9:0}"));
        }

        return 0;
    }

    private static async Task<Measured> MeasureAsync(long events, CancellationToken cancellationToken)
    {
        var before = Reference();
        var (allocated, processor, began) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var survey = FileSurvey.Of(Open(events), moved: null, cancellationToken);
        var runner = new ReplayRunner(
            new ReplayOptions(), survey, decisions: null, static fault => throw new BenchmarkException($"The synthetic file is at fault: {fault}."));
        var result = await runner.RunAsync(Open(events), cancellationToken);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - processor);
        if (result?.All.Events != events || result.All.Auc is not > .5)
        {
            throw new BenchmarkException("The replay did not see what was to be seen: what it measured is worth nothing.");
        }

        using var process = Process.GetCurrentProcess();
        return new Measured(
            elapsed, used, (before + Reference()) / 2, GC.GetTotalAllocatedBytes() - allocated, runner.Records, process.PeakWorkingSet64);
    }

    private static MailEventReader Open(long events) =>
        MailEventReader.Open(new SyntheticMail(events), accounts: false, contents: false, out var fault)
        ?? throw new BenchmarkException($"The synthetic file is at fault: {fault}.");

    private static double Reference()
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, new byte[32]);
        Span<byte> data = stackalloc byte[16];
        Span<byte> destination = stackalloc byte[32];
        var (hashes, processor) = (0L, Environment.CpuUsage.TotalTime);
        while (Environment.CpuUsage.TotalTime - processor < ReferenceTime)
        {
            for (var i = 0; i < 1000; i++, hashes++)
            {
                hash.AppendData(data);
                hash.GetHashAndReset(destination);
            }
        }

        return hashes / (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Measured(TimeSpan Elapsed, TimeSpan Processor, double Reference, long Allocated, int Records, long PeakBytes);
}
