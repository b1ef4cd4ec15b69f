using SpamGuard.Server.Health;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>The program's own verb that asks the server beside it, as an engine or a person runs it in the image: the real program, twice.</summary>
public sealed class HealthProbeTests(LaptopServer server) : IClassFixture<LaptopServer>
{
    private const string Usage = "usage: dotnet SpamGuard.Server.dll healthcheck [--ready]";

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz", "--ready")]
    public async Task Probe_ServerThatListensOnEveryAddress_IsHealthy(string path, params string[] arguments) =>
        Assert.Equal((0, $"healthcheck: {path} on port {server.Program.HealthPort} answers 200."), await ProbeAsync(server.Variables, arguments));

    [Fact]
    public async Task Probe_ServerThatHangs_EndsByItselfAndIsUnhealthy()
    {
        server.Program.Pause();
        try
        {
            Assert.Equal(
                (1, $"healthcheck: /livez on port {server.Program.HealthPort} does not answer within 2 s."), await ProbeAsync(server.Variables));
        }
        finally
        {
            server.Program.Resume();
        }

        Assert.Equal(0, (await ProbeAsync(server.Variables)).Code);
    }

    [Fact]
    public async Task Probe_ServerThatDrains_IsAliveAndNotReady()
    {
        var draining = new LaptopServer();
        try
        {
            await draining.InitializeAsync();
            draining.Program.BeginStop();
            await Poll.UntilAsync(() => Task.FromResult(draining.Program.Output.Contains("[5004]", StringComparison.Ordinal))).DefaultTimeout();

            Assert.Equal((1, $"healthcheck: /readyz on port {draining.Program.HealthPort} answers 503."), await ProbeAsync(draining.Variables, "--ready"));
            Assert.Equal(0, (await ProbeAsync(draining.Variables)).Code);
        }
        finally
        {
            await draining.DisposeAsync();
        }
    }

    [Fact]
    public async Task Probe_PortWhereNobodyListens_IsUnhealthy()
    {
        var port = FreePorts.TakeOne();

        Assert.Equal((1, $"healthcheck: /livez on port {port} can't be asked (ConnectionRefused)."), await ProbeAsync(Port($"{port}")));
    }

    [Fact]
    public async Task Probe_PortInTheFileOfSettings_IsThatOne()
    {
        var folder = Directory.CreateTempSubdirectory("spamguard-probe-");
        var port = FreePorts.TakeOne();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.Staging.json"), $$"""{"Listeners": {"Health": {"Port": {{port}} } } }""");

        var (_, line) = await RunAsync(Variables("DOTNET_ENVIRONMENT", "Staging"), folder.FullName);
        folder.Delete(recursive: true);

        Assert.Equal($"healthcheck: /livez on port {port} can't be asked (ConnectionRefused).", line);
    }

    [Theory]
    [InlineData("0", "healthcheck: Listeners:Health:Port: found '0'; ")]
    [InlineData("many", "Failed to convert configuration value 'many' at 'Listeners:Health:Port'")]
    public async Task Probe_PortThatIsNone_IsUnhealthyAndSaysWhichKey(string port, string expected)
    {
        var (code, line) = await ProbeAsync(Port(port));

        Assert.Equal(1, code);
        Assert.StartsWith(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--live")]
    [InlineData("--ready", "--ready")]
    public async Task Probe_ArgumentsThatAreNone_SaysHowItIsUsed(params string[] arguments) =>
        Assert.Equal((2, Usage), await ProbeAsync(server.Variables, arguments));

    private static Dictionary<string, string?> Port(string port) => Variables("Listeners__Health__Port", port);

    private static Dictionary<string, string?> Variables(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private static Task<(int Code, string Line)> ProbeAsync(IReadOnlyDictionary<string, string?> variables, params string[] arguments) =>
        RunAsync(variables, AppContext.BaseDirectory, arguments);

    private static async Task<(int Code, string Line)> RunAsync(IReadOnlyDictionary<string, string?> variables, string folder, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["dotnet", Path.Combine(AppContext.BaseDirectory, ServerProgram.Dll), HealthProbe.Verb, .. arguments], folder, variables);
        Assert.Empty(run.Output);
        return (run.ExitCode, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
