using Grpc.Net.Client;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>A container of the image that may do as little as a restricted pod: its disk is read-only, it has no capability, and half a gigabyte.</summary>
internal sealed class ImageContainer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _id;

    private ImageContainer(string id, GrpcChannel channel)
    {
        _id = id;
        Channel = channel;
    }

    /// <summary>A caller's channel to it.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Starts one and waits until it serves. It has this machine's network, for that is where the Redis under test listens.</summary>
    public static async Task<ImageContainer> ServingAsync(string image, MountedSecrets secrets)
    {
        var ports = FreePorts.Take(4);
        string[] command =
        [
            "docker", "run", "--detach", "--network", "host", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "1654", "--memory", "512m",
            .. secrets.Folders.SelectMany(static folder => (string[])["--volume", $"{folder}:{folder}:ro"]),
            .. secrets.Variables.SelectMany(static variable => (string[])["--env", $"{variable.Key}={variable.Value}"]),
            .. ports.Zip(["Grpc", "Http", "Metrics", "Health"], static (port, listener) => FormattableString.Invariant($"--env=Listeners__{listener}__Port={port}")),
            "--env", "Listeners__Health__Address=0.0.0.0", // as a kubelet needs it
            image,
        ];
        var container = new ImageContainer((await CommandRun.OutputOfAsync(command)).Trim(), secrets.Channel(ports[0]));
        try
        {
            await Poll.UntilAsync(async () =>
            {
                Assert.True(string.Equals(await container.StateAsync("Running"), "true", StringComparison.Ordinal), await container.LogsAsync());
                return await ServerProgram.IsServingAsync(container.Channel);
            }).TimeoutAfter(StartLimit);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the image's own program beside the server.</summary>
    public Task<CommandRun> ExecAsync(params string[] arguments) => CommandRun.OfAsync(["docker", "exec", _id, "dotnet", ServerProgram.Dll, .. arguments]);

    /// <summary>Ends it as an orchestrator does: SIGTERM, and SIGKILL once the grace is over. Returns the server's exit code, 137 where it had to be killed.</summary>
    /// <param name="grace">In seconds.</param>
    public async Task<string> StopAsync(string grace)
    {
        await CommandRun.OutputOfAsync(["docker", "stop", "-t", grace, _id], limit: TimeSpan.FromSeconds(60));
        return await StateAsync("ExitCode");
    }

    /// <summary>What it wrote, on both streams.</summary>
    public async Task<string> LogsAsync()
    {
        var run = await CommandRun.OfAsync(["docker", "logs", _id]);
        return run.Output + run.Errors;
    }

    public async ValueTask DisposeAsync() => await CommandRun.OutputOfAsync(["docker", "rm", "--force", _id]);

    private async Task<string> StateAsync(string field) => (await CommandRun.OutputOfAsync(["docker", "inspect", "--format", $"{{{{.State.{field}}}}}", _id])).Trim();
}
