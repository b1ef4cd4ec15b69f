using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A Prometheus of this machine on loopback, that looks at one server every second by the rules, sixty times faster.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    /// <summary>How much faster.</summary>
    public const int Divisor = 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-prometheus-");
    private readonly HttpClient _client;
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PrometheusProcess(Uri metrics)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "rules.yaml"), ScaledRules.Text(Divisor));
        File.WriteAllText(Path.Combine(_folder.FullName, "prometheus.yml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: spamguard
                static_configs: [{targets: ["{{metrics.Authority}}"], labels: {namespace: live} }]
            """);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.TakeOne()}");
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                InstalledProgram.Find("prometheus", "prometheus"),
                ["--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address={address}", "--log.level=warn"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.FullName,
            },
        };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
    }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="metrics">What it looks at.</param>
    public static async Task<PrometheusProcess> StartAsync(Uri metrics)
    {
        var prometheus = new PrometheusProcess(metrics);
        prometheus._process.Start();
        prometheus._process.BeginOutputReadLine();
        prometheus._process.BeginErrorReadLine();
        try
        {
            await Poll.UntilAsync(prometheus.IsReadyAsync).DefaultTimeout();
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The alerts that fire now, as <c>severity name (window)</c>.</summary>
    public Task<IReadOnlyList<string>> FiringAsync() => AlertsAsync("ALERTS{alertstate=\"firing\"}");

    /// <summary>The pages that fired at any time of the last so many seconds.</summary>
    public Task<IReadOnlyList<string>> PagesAsync(TimeSpan time) =>
        AlertsAsync(string.Create(CultureInfo.InvariantCulture, $"last_over_time(ALERTS{{alertstate=\"firing\",severity=\"page\"}}[{(long)time.TotalSeconds}s])"));

    /// <summary>Whether a query has an answer.</summary>
    public async Task<bool> HasAsync(string query) => (await QueryAsync(query)).Count > 0;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().DefaultTimeout();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<IReadOnlyList<string>> AlertsAsync(string query) =>
        [.. (await QueryAsync(query)).Select(static labels => $"{labels["severity"]} {labels["alertname"]}{(labels.TryGetValue("window", out var window) ? $" ({window})" : "")}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<Dictionary<string, string>>> QueryAsync(string query)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative)).DefaultTimeout());
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(static one => one.GetProperty("metric").Deserialize<Dictionary<string, string>>()!)];
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, Output);
        try
        {
            using var answer = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative)).DefaultTimeout();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
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
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
