using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A web application of its own process, on a free port of 127.0.0.1.</summary>
internal sealed class WebProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private WebProgram(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>What it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="dll">The program; its files are beside it.</param>
    /// <param name="variables">Variables over those of this process.</param>
    public static async Task<WebProgram> StartAsync(string dll, IReadOnlyDictionary<string, string?> variables)
    {
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.TakeOne()}"));
        var start = new ProcessStartInfo("dotnet", [dll, "--urls", url.OriginalString])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(dll),
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var program = new WebProgram(new Process { StartInfo = start }, url);
        program._process.OutputDataReceived += (_, e) => program.Read(e.Data);
        program._process.ErrorDataReceived += (_, e) => program.Read(e.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        await Poll.UntilAsync(() =>
        {
            Assert.False(program._process.HasExited, program.Output);
            return Task.FromResult(program.Output.Contains("Application started", StringComparison.Ordinal));
        }).DefaultTimeout();
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
