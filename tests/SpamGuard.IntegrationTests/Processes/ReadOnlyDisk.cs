using System.Diagnostics;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>A file whose disk has become read-only for a process that runs, as a kernel does it after an error: until this is disposed of. Needs strace, and no mount.</summary>
internal sealed class ReadOnlyDisk : IAsyncDisposable
{
    private readonly Process _strace;

    private ReadOnlyDisk(Process strace) => _strace = strace;

    /// <summary>What a shell does before it starts a process that may not open a file.</summary>
    public static string OfStart(string path) =>
        $"exec strace -D -f --seccomp-bpf -qq -P '{path}' -e trace=openat -e inject=openat:error=EROFS -e signal=none -o /dev/null";

    /// <summary>Begins it: nothing is written to the file, cut or synced any more.</summary>
    public static async Task<ReadOnlyDisk> OfAsync(int processId, string path)
    {
        var id = FormattableString.Invariant($"{processId}");
        var strace = Process.Start(new ProcessStartInfo(
            "strace", ["-f", "-p", id, "-P", path, "-e", "trace=pwrite64,ftruncate,fsync", "-e", "inject=pwrite64,ftruncate,fsync:error=EROFS", "-e", "signal=none", "-o", "/dev/null"])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!;
        var disk = new ReadOnlyDisk(strace);
        var said = await strace.StandardError.ReadLineAsync().DefaultTimeout();
        Assert.StartsWith($"strace: Process {id} attached", said, StringComparison.Ordinal);
        return disk;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _strace.Kill(); // what it traced goes on
        await _strace.WaitForExitAsync().DefaultTimeout();
        _strace.Dispose();
    }
}
