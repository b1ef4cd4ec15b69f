using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>
/// A Prometheus of this machine on loopback, that looks at servers every second by the rules, sixty times faster. Its jobs are those of the example, with
/// other targets.
/// </summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    /// <summary>How much faster.</summary>
    public const int Divisor = 60;

    /// <summary>The namespace that its targets are in.</summary>
    public const string Namespace = "live";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-prometheus-");
    private readonly HttpClient _client;
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PrometheusProcess(IReadOnlyList<(string Job, Uri Target)> targets)
    {
        var jobs = Job().Matches(File.ReadAllText(Path.Combine(RuleFiles.Folder, "prometheus.yml"))).Select(static match => match.Groups["name"].Value).ToList();
        Assert.Subset(jobs.ToHashSet(StringComparer.Ordinal), targets.Select(static one => one.Job).ToHashSet(StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(_folder.FullName, "rules.yaml"), ScaledRules.Text(Divisor));
        File.WriteAllText(Path.Combine(_folder.FullName, "prometheus.yml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
            {{string.Join('\n', jobs.Select(job =>
                $"  - {{job_name: {job}, static_configs: [{{targets: [{string.Join(", ", targets.Where(one => one.Job == job).Select(static one => $"'{one.Target.Authority}'"))}], labels: {{namespace: {Namespace}}}}}]}}"))}}
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
    /// <param name="targets">What it looks at, each with the job that it belongs to.</param>
    public static async Task<PrometheusProcess> StartAsync(params IReadOnlyList<(string Job, Uri Target)> targets)
    {
        var prometheus = new PrometheusProcess(targets);
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

    /// <summary>The alerts that fire now, as <c>severity name (window or job)</c>.</summary>
    public Task<IReadOnlyList<string>> FiringAsync() => AlertsAsync("ALERTS{alertstate=\"firing\"}");

    /// <summary>The alerts that fired at any time of the last so many seconds.</summary>
    public Task<IReadOnlyList<string>> FiredAsync(TimeSpan time) =>
        AlertsAsync(string.Create(CultureInfo.InvariantCulture, $"last_over_time(ALERTS{{alertstate=\"firing\"}}[{(long)time.TotalSeconds}s])"));

    /// <summary>Whether a query has an answer.</summary>
    public async Task<bool> HasAsync(string query) => (await InstantAsync(query)).Count > 0;

    /// <summary>The answer to a query: each series with its last value.</summary>
    /// <exception cref="HttpRequestException">Prometheus refuses it, or it fails.</exception>
    public async Task<IReadOnlyList<PrometheusSeries>> InstantAsync(string query) =>
        [.. (await ResultAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}")).Select(static one => PrometheusSeries.Of(one, "value"))];

    /// <summary>The answer to a query over time, a value each second.</summary>
    public async Task<IReadOnlyList<PrometheusSeries>> RangeAsync(string query, DateTimeOffset from, DateTimeOffset to) =>
    [
        .. (await ResultAsync($"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={from.ToUnixTimeSeconds()}&end={to.ToUnixTimeSeconds()}&step=1"))
            .Select(static one => PrometheusSeries.Of(one, "values")),
    ];

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
        [.. (await InstantAsync(query)).Select(static one => Text(one.Labels)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Text(IReadOnlyDictionary<string, string> labels) =>
        $"{labels["severity"]} {labels["alertname"]}{(labels.TryGetValue("window", out var which) || labels.TryGetValue("job", out which) ? $" ({which})" : "")}";

    private async Task<IReadOnlyList<JsonElement>> ResultAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative)).DefaultTimeout();
        var text = await answer.Content.ReadAsStringAsync();
        using var json = answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new HttpRequestException(text);
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(static one => one.Clone())];
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

    [GeneratedRegex(@"job_name: (?<name>[\w-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Job();
}
