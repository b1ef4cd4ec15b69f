using Grpc.Net.Client;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>The server's own program as a developer starts it, with its health listener on every address; waits until it serves.</summary>
public sealed class LaptopServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>What another process must be told to find it.</summary>
    internal IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Listeners__Health__Address"] = "0.0.0.0",
        ["Listeners__Health__Port"] = FormattableString.Invariant($"{Program.HealthPort}"),
    };

    internal ServerProgram Program { get; } = new(
        "Development",
        [
            new("Listeners__Health__Address", "0.0.0.0"),
            new("Drain__Delay", "00:00:20"),
        ]);

    public async Task InitializeAsync()
    {
        Program.Start();
        using var channel = GrpcChannel.ForAddress(FormattableString.Invariant($"http://127.0.0.1:{Program.GrpcPort}"));
        await Poll.UntilAsync(async () =>
        {
            Assert.True(Program.ExitCode is null, $"The server ended with code {Program.ExitCode}:\n{Program.Output}");
            return await ServerProgram.IsServingAsync(channel);
        }).TimeoutAfter(StartLimit);
    }

    public async Task DisposeAsync() => await Program.DisposeAsync();
}
