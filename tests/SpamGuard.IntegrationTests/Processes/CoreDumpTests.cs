using System.Diagnostics;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>The kernel writes no core dump of a server or the command line, whatever they were started under. The server is in development here, where nothing else is needed to start.</summary>
public sealed class CoreDumpTests : IDisposable
{
    private const int Dumped = 128 + ServerProgram.SigSys;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-core-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Server_MayWriteAnyCore_IsLimitedToAByteAndLeavesNoFileWhenItDies()
    {
        await using var server = await ListeningAsync("ulimit -S -c $(ulimit -H -c); exec");

        Assert.Equal(("1", "1"), CoreLimit.Of(server.Id));
        Assert.Equal(Dumped, await server.StopAsync(ServerProgram.SigSys));

        // Where core_pattern names a relative path; elsewhere the limit alone tells.
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Server_MayNotEvenHaveALimitOfAByte_StartsAllTheSame()
    {
        // Nobody may raise a hard limit but who has CAP_SYS_RESOURCE, which root has to be rid of first.
        await using var server = await ListeningAsync($"ulimit -c 0; exec {(CoreLimit.CanBeRaised ? "setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource" : "")}");

        Assert.Equal(("0", "0"), CoreLimit.Of(server.Id));
        Assert.Equal(Dumped, await server.StopAsync(ServerProgram.SigSys));
    }

    [Fact]
    public async Task CommandLine_ThatReadsAFile_IsLimitedToAByte()
    {
        // It waits for a connection string on its standard input.
        var start = CommandLineProgram.Of("audit", "retention", "--connection-file", "-");
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        try
        {
            await Poll.UntilAsync(() =>
            {
                Assert.True(!process.HasExited, $"The program ended: {(process.HasExited ? process.StandardError.ReadToEnd() : "")}");
                return Task.FromResult(CoreLimit.Of(process.Id) == ("1", "1"));
            }).DefaultTimeout();

            // It has the limit when it runs, and not only where it does not.
            await process.StandardInput.WriteLineAsync("no=connection");
            process.StandardInput.Close();
            Assert.StartsWith("standard input: can't be read", await process.StandardError.ReadToEndAsync().DefaultTimeout(), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    private async Task<ServerProgram> ListeningAsync(string prefix)
    {
        var server = new ServerProgram("Development", [new("DOTNET_EnableDiagnostics", "0")], $"cd '{_folder.FullName}'; {prefix}");
        server.Start();
        await Poll.UntilAsync(() =>
        {
            Assert.True(server.ExitCode is null, $"The server ended with code {server.ExitCode}:\n{server.Output}");
            return Task.FromResult(server.Output.Contains("Listening", StringComparison.Ordinal));
        }).DefaultTimeout();
        return server;
    }
}
