using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>
/// A real haproxy in the place of a cluster's Service: it passes connections on to who is ready, as <c>/readyz</c> says, and lets those that stand
/// stand. TLS goes through it to the processes.
/// </summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-haproxy-");
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <summary>Prepares it.</summary>
    /// <param name="targets">The ports of gRPC and of health of each process that there may be.</param>
    public Haproxy(IEnumerable<(int Grpc, int Health)> targets)
        : this(FreePorts.TakeOne(), port => Configuration(port, targets))
    {
    }

    /// <summary>Prepares it with a configuration.</summary>
    /// <param name="port">Where it listens, in one place at least.</param>
    /// <param name="configuration">Makes the file, of that port.</param>
    public Haproxy(int port, Func<int, string> configuration)
    {
        Port = port;
        var file = Path.Combine(_folder.FullName, "haproxy.cfg");
        File.WriteAllText(file, configuration(port));
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(InstalledProgram.Find("haproxy", "haproxy"), ["-db", "-f", file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
    }

    /// <summary>Where callers connect to.</summary>
    public int Port { get; }

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

    /// <summary>Starts it and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Poll.UntilAsync(async () =>
        {
            Assert.False(_process.HasExited, $"haproxy ended:\n{Output}");
            return await FreePorts.ListensAsync(Port);
        }).TimeoutAfter(StartLimit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // A check every tenth of a second does what an endpoint controller and a node's proxy do within a second or two.
    private static string Configuration(int port, IEnumerable<(int Grpc, int Health)> targets)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            global
              maxconn 1000
            defaults
              mode tcp
              timeout connect 1s
              timeout client 1h
              timeout server 1h
              timeout check 1s
              retries 5
              option redispatch 1
            frontend callers
              bind 127.0.0.1:{port}
              default_backend processes
            backend processes
              balance roundrobin
              option httpchk GET /readyz
              http-check expect status 200
              default-server check inter 100ms fastinter 50ms fall 1 rise 1

            """));
        foreach (var (grpc, health) in targets)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  server p{grpc} 127.0.0.1:{grpc} port {health}");
        }

        return text.ToString();
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
