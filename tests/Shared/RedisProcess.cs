using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SpamGuard.Testing;

/// <summary>One redis-server process of this machine: started, signalled and killed by its own id, never by name.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private const int SigStop = 19;
    private const int SigContinue = 18;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly string _readyText;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisProcess(string folder, IEnumerable<string> arguments, string readyText)
    {
        _readyText = readyText;
        var start = new ProcessStartInfo(Executable("redis-server"), [.. arguments, "--dir", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("redis-server ended at once."));
    }

    /// <param name="folder">Its working folder.</param>
    /// <param name="arguments">Of redis-server.</param>
    /// <param name="readyText">What it prints once it is up; a sentinel prints something else.</param>
    public static async Task<RedisProcess> StartAsync(string folder, IEnumerable<string> arguments, string readyText = "Ready to accept connections")
    {
        var redis = new RedisProcess(folder, arguments, readyText);
        redis._process.Start();
        redis._process.BeginOutputReadLine();
        redis._process.BeginErrorReadLine();
        try
        {
            await redis._ready.Task.TimeoutAfter(StartLimit);
            return redis;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await redis.DisposeAsync();
            throw new InvalidOperationException($"redis-server did not start. Its output:\n{redis.Output}", e);
        }
    }

    /// <summary>The full path of a Redis program.</summary>
    public static string Executable(string name) => InstalledProgram.Find(name, "redis-server redis-tools");

    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigContinue);

    /// <summary>Kills it, as a crash would: nothing is saved, and there is nothing to save.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().DefaultTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.Contains(_readyText, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill -{signal} {_process.Id} failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
