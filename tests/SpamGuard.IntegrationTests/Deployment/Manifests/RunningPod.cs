using System.Globalization;
using System.Net;
using k8s.Models;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>A process that was started as a workload's pod says.</summary>
/// <param name="Program">The process.</param>
/// <param name="Ports">Where the ports of the container are on this machine, by their names.</param>
/// <param name="Files">What it has mounted.</param>
internal sealed record RunningPod(ServerProgram Program, IReadOnlyDictionary<string, int> Ports, PodFiles Files)
{
    /// <summary>Whether a probe finds what it looks for, at the port and the path that it names.</summary>
    public async Task<bool> AnswersAsync(V1Probe probe) => await GetAsync(probe.HttpGet.Port.Value, probe.HttpGet.Path) is { StatusCode: HttpStatusCode.OK };

    /// <summary>What a plain listener answers; null where nobody listens.</summary>
    public async Task<HttpResponseMessage?> GetAsync(string port, string path)
    {
        using var client = new HttpClient();
        try
        {
            return await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports[port]}{path}"))).DefaultTimeout();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What <c>GET /metrics</c> answers.</summary>
    public async Task<string> MetricsAsync() => await (await GetAsync("metrics", "/metrics"))!.Content.ReadAsStringAsync();
}
