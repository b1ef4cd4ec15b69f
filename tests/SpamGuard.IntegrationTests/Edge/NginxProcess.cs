using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A real nginx by the configuration of the example, on ports of its own, with the stand-in for an application that is in it.</summary>
internal sealed partial class NginxProcess : IAsyncDisposable
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Folder, "protos", "examples", "nginx", "nginx.conf");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-nginx-");
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly int _port = FreePorts.TakeOne();

    /// <summary>Prepares it.</summary>
    /// <param name="spamGuard">The port at which it asks.</param>
    /// <param name="change">What else is another in the file.</param>
    public NginxProcess(int spamGuard, Func<string, string>? change = null)
    {
        var file = Path.Combine(_folder.FullName, "nginx.conf");
        var ports = new Dictionary<string, int>(StringComparer.Ordinal) { ["8080"] = _port, ["8081"] = FreePorts.TakeOne(), ["5081"] = spamGuard };
        var text = Port().Replace(File.ReadAllText(Example), match => $"127.0.0.1:{ports[match.Groups["port"].Value].ToString(CultureInfo.InvariantCulture)}");
        File.WriteAllText(file, change is null ? text : change(text));
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Program, ["-p", _folder.FullName, "-c", file, "-g", "daemon off;"]) { UseShellExecute = false, RedirectStandardError = true },
        };
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_output)
            {
                _output.AppendLine(e.Data);
            }
        };
    }

    /// <summary>Where it is: in /usr/sbin, which few have in their path.</summary>
    public static string Program => File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : InstalledProgram.Find("nginx", "nginx-light");

    /// <summary>Where clients come to.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Starts one.</summary>
    public static async Task<NginxProcess> StartAsync(int spamGuard, Func<string, string>? change = null)
    {
        var nginx = new NginxProcess(spamGuard, change);
        try
        {
            nginx._process.Start();
            nginx._process.BeginErrorReadLine();
            await Poll.UntilAsync(async () =>
            {
                Assert.False(nginx._process.HasExited, $"nginx ended:\n{nginx.Output()}");
                return await FreePorts.ListensAsync(nginx._port);
            }).DefaultTimeout();
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true); // its workers too
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>8080|8081|5081)", RegexOptions.ExplicitCapture)]
    private static partial Regex Port();
}
