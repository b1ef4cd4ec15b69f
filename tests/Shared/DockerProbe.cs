using DotNet.Testcontainers.Configurations;

namespace SpamGuard.Testing;

/// <summary>
/// Does a Docker engine answer? Asked once a run. The endpoint is the one Testcontainers uses: DOCKER_HOST, the current docker
/// context, the usual socket. <c>tests/run</c> sets, where needed: DOCKER_API_VERSION (an older engine), TESTCONTAINERS_HOST_OVERRIDE
/// and TESTCONTAINERS_RYUK_DISABLED (no registry), and SPAMGUARD_REDIS=process when no engine can be had.
/// </summary>
public static class DockerProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<Task<bool>> Answer = new(AskAsync);

    public static Task<bool> AnswersAsync() => Answer.Value;

    private static async Task<bool> AskAsync()
    {
        if (Environment.GetEnvironmentVariable("SPAMGUARD_REDIS") == "process")
        {
            return false;
        }

        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint)
        {
            return false;
        }

        try
        {
            using var client = endpoint.GetDockerClientBuilder(Guid.NewGuid()).WithTimeout(Patience).Build();
            await client.System.PingAsync();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            // No engine is an answer, not a failure: the fixture starts a redis-server and says which one it uses.
            return false;
        }
    }
}
