using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SpamGuard.Testing;

/// <summary>A limit on every await of a test, so that a hang is a failed test with a line number and not a stuck run.</summary>
public static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static Task DefaultTimeout(
        this Task task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.TimeoutAfter(Default, file, line);

    public static Task<T> DefaultTimeout<T>(
        this Task<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.TimeoutAfter(Default, file, line);

    public static Task DefaultTimeout(
        this ValueTask task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.AsTask().TimeoutAfter(Default, file, line);

    public static Task<T> DefaultTimeout<T>(
        this ValueTask<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.AsTask().TimeoutAfter(Default, file, line);

    public static async Task TimeoutAfter(
        this Task task, TimeSpan limit, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!await EndsWithinAsync(task, limit))
        {
            throw Expired(limit, file, line);
        }

        await task;
    }

    public static async Task<T> TimeoutAfter<T>(
        this Task<T> task, TimeSpan limit, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!await EndsWithinAsync(task, limit))
        {
            throw Expired(limit, file, line);
        }

        return await task;
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        if (task.IsCompleted || Debugger.IsAttached)
        {
            return true;
        }

        // WhenAny, and not WaitAsync: a TimeoutException of the awaited task itself must stay what it is.
        using var stop = new CancellationTokenSource();
        var expired = Task.Delay(limit, TimeProvider.System, stop.Token);
        var first = await Task.WhenAny(task, expired);
        await stop.CancelAsync();
        return first == task;
    }

    private static TimeoutException Expired(TimeSpan limit, string file, int line) =>
        new($"The await at {file}:{line} did not end within {limit.TotalSeconds} s.");
}
