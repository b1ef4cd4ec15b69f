using System.Diagnostics;
using System.Text;
using SpamGuard.Cli;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Testing;
using SpamGuard.Tests.Cli;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>What is written of the ledger is true: its example verifies, and so do its commands, with openssl and coreutils alone.</summary>
public sealed class LedgerDocumentTests
{
    private const string Signed = "Signature Verified Successfully";
    private const string Led = "Proved: the digests of entries 1 to 5 lead to the head";

    private static readonly string Section = Pages.Section("## The ledger");

    [Fact]
    public void Example_OfTheReadme_IsALedger()
    {
        var found = LedgerFolder.Verify(Encoding.UTF8.GetBytes(Between(Section, "```json\n", "```")));

        Assert.Equal((null, 1L), (found.Fault, found.Entries));
    }

    [Fact]
    public void Acts_OfTheReadme_AreAll()
    {
        foreach (var act in Enum.GetValues<LedgerAct>())
        {
            Assert.Contains($"`{LedgerNames.Of(act)}`", Section, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Commands_OfTheReadme_VerifyALedgerWithoutThisProgram()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 2);
        foreach (var (verb, name) in new[] { ("head", "head.json"), ("digests", "digests.txt") })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Folder, name), (await CommandLines.RunAsync(["ledger", verb, folder.Folder])).Output);
        }

        var lines = await ShellAsync(folder.Folder);
        Assert.Equal([Signed, Led], lines[..2]);
        Assert.Equal(lines[2].Split(' ')[0], lines[3].Split(' ')[1]);

        await ReplaceAsync("digests.txt", "\n2 ", "\n2 0");
        Assert.Contains("Disproved: the digests of entries 1 to 5 do not lead to the head", await ShellAsync(folder.Folder));
        await ReplaceAsync("digests.txt", "\n2 ", "\n3 ");
        Assert.Contains("Nothing is proved: line 2 of digests.txt is not that of entry 2", await ShellAsync(folder.Folder));
        await File.WriteAllTextAsync(Path.Combine(folder.Folder, "digests.txt"), "");
        Assert.Contains("Nothing is proved: digests.txt ends with entry 0, and the head is of entry 5", await ShellAsync(folder.Folder));
        await ReplaceAsync("head.json", "\"seq\": 5", "\"seq\": 4");
        Assert.DoesNotContain(Signed, await ShellAsync(folder.Folder));

        async Task ReplaceAsync(string name, string from, string to)
        {
            var path = Path.Combine(folder.Folder, name);
            var text = await File.ReadAllTextAsync(path);
            Assert.Contains(from, text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(LedgerSection.Helpers)]
    [InlineData(LedgerSection.Check)]
    public void Commands_OfTheReadme_AreThoseOfThePage(string commands) => Assert.Contains(commands, Section, StringComparison.Ordinal);

    [Fact]
    public async Task PublicKey_AsOpensslWritesIt_VerifiesTheLedger()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 1);
        await RunAsync(folder.Folder, "openssl", "pkey", "-in", folder.KeyPath, "-pubout", "-out", "ledger.pub.pem");

        Assert.Equal(ExitCodes.Ok, (await CommandLines.RunAsync(["ledger", "verify", folder.Folder, "--public-key-file", Path.Combine(folder.Folder, "ledger.pub.pem")])).Code);
    }

    [Fact]
    public async Task Key_AsOpensslMakesIt_SignsALedger()
    {
        using var folder = new LedgerFolder();
        await RunAsync(folder.Folder, "openssl", "genpkey", "-algorithm", "ed25519", "-out", folder.KeyPath);
        folder.Write(acts: 1);

        Assert.Null(folder.Verify().Fault);
    }

    private static Task<string[]> ShellAsync(string folder) => RunAsync(folder, "sh", "-c", Between(Section, "```sh\n# 1.", "```"));

    private static async Task<string[]> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().DefaultTimeout();
        output += await errors.DefaultTimeout();
        await process.WaitForExitAsync().DefaultTimeout();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
