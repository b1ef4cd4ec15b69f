using System.Diagnostics;
using System.Text.Json;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Envoy's own message definitions, by Node.js: those in npm's <c>@grpc/grpc-js-xds</c>.</summary>
internal static class EnvoyTool
{
    private static readonly string Here = Path.Combine(RepositoryRoot.Folder, "tests", "SpamGuard.IntegrationTests", "Edge");

    private static readonly NpmFolder Packages =
        new("envoy", "@grpc/grpc-js@1.14.7", "@grpc/grpc-js-xds@1.14.1", "@grpc/proto-loader@0.8.1", "protobufjs@7.6.6", "yaml@2.9.1");

    private static readonly Lazy<string> Folder = new(Prepare);

    /// <summary>The example's own files.</summary>
    public static string Example { get; } = Path.Combine(RepositoryRoot.Folder, "protos", "examples", "envoy");

    /// <summary>What is not as Envoy's definitions have it: a line for each, and at the end one that counts.</summary>
    public static string Faults(params string[] arguments) => Tool.Run(Folder.Value, "node", ["envoy.mjs", .. arguments]).TrimEnd();

    /// <summary>Asks a server, each time with every field filled, and reads the answers by Envoy's definition of them.</summary>
    /// <param name="server">Host and port.</param>
    /// <param name="questions">Kind, address, headers, and whether fields go along that nobody knows.</param>
    public static async Task<IReadOnlyList<JsonElement>> AskAsync(string server, params (string? Kind, string Address, Dictionary<string, string> Headers, bool IsLater)[] questions)
    {
        var start = new ProcessStartInfo(InstalledProgram.Find("node", "npm"), ["envoy.mjs", "ask", server])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder.Value,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            foreach (var (kind, address, headers, isLater) in questions)
            {
                await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize((object?[])[kind, address, headers, isLater])).DefaultTimeout();
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync().DefaultTimeout();
            Assert.True(process.ExitCode == 0, await errors.DefaultTimeout());
            return [.. (await output.DefaultTimeout()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<JsonElement>(line))];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // Once, for tests run beside each other.
    private static string Prepare()
    {
        File.Copy(Path.Combine(Here, "envoy.mjs"), Path.Combine(Packages.Path, "envoy.mjs"), overwrite: true);
        File.Copy(Path.Combine(Example, "check.mjs"), Path.Combine(Packages.Path, "check.mjs"), overwrite: true);
        return Packages.Path;
    }
}
