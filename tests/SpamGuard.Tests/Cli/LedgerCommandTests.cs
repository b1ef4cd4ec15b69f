using System.Text;
using System.Text.Json.Nodes;
using SpamGuard.Cli;
using SpamGuard.Desk.Ledger;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Cli;

public sealed class LedgerCommandTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public LedgerCommandTests() => _folder.Write(acts: 2);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_SoundLedger_SaysWhatIsProvedAndWhatNot(bool byFolder)
    {
        var (code, output, errors) = await RunAsync("verify", byFolder ? _folder.Folder : _folder.FilePath);

        Assert.Equal(ExitCodes.Ok, code);
        var head = _folder.Verify().Head!;
        Assert.Equal(
            [
                "field\tvalue", "result\tsound", $"ledger\t{head.Ledger}", "entries\t5", $"head\t{head.Hash}", $"time\t{head.Time}", $"public key\t{head.PublicKey}",
                "open intents\tnone", "unknown outcomes\t0",
            ],
            output.TrimEnd().Split(Environment.NewLine));
        Assert.Contains("Not proved: That is what the file says of itself", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_SinceAKeptHeadAndByAKey_ProvesIt()
    {
        var kept = await KeepAsync();
        _folder.Write(acts: 1);

        var (code, output, _) = await RunAsync("verify", _folder.FilePath, "--since", kept, "--public-key", _folder.Verify().Head!.PublicKey, "--json");

        var json = JsonNode.Parse(output)!;
        Assert.Equal((ExitCodes.Ok, true, 7), (code, (bool)json["sound"]!, (int)json["head"]!["seq"]!));
        Assert.Contains("The key that you gave is one of them. Up to entry 5 nothing was changed", (string?)json["proved"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ChangedLedger_NamesTheLineAndExitsWithVerificationFailed()
    {
        var bytes = await File.ReadAllBytesAsync(_folder.FilePath);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_folder.FilePath, bytes);

        var (code, output, errors) = await RunAsync("verify", _folder.FilePath, "--json");

        Assert.Equal((ExitCodes.VerificationFailed, false), (code, (bool)JsonNode.Parse(output)!["sound"]!));
        Assert.StartsWith("Not as it must be: line 3: ", (string?)JsonNode.Parse(errors)!["message"], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.VerificationFailed, (await RunAsync("head", _folder.FilePath)).Code);
        Assert.Equal((ExitCodes.VerificationFailed, ""), ((await RunAsync("digests", _folder.FilePath)).Code, (await RunAsync("digests", _folder.FilePath)).Output));
    }

    [Fact]
    public async Task Verify_Digests_ProvesWithoutTheEntries()
    {
        var kept = await KeepAsync();
        _folder.Write(acts: 1);
        var next = await KeepAsync();
        foreach (var after in new[] { "0", "5" })
        {
            var digests = Save((await RunAsync("digests", _folder.FilePath, "--after", after)).Output);
            var (code, _, errors) = await RunAsync("verify", "--digests", digests, "--since", kept, "--head", next);
            Assert.Equal(ExitCodes.Ok, code);
            Assert.Contains("Nothing up to entry 5 was changed, removed or put in since its head was kept.", errors, StringComparison.Ordinal);

            await File.WriteAllTextAsync(digests, (await File.ReadAllTextAsync(digests)).Replace("7 ", "8 ", StringComparison.Ordinal));
            (code, _, errors) = await RunAsync("verify", "--digests", digests, "--since", kept, "--head", next);
            Assert.Equal(ExitCodes.VerificationFailed, code);
            Assert.Contains("it is of entry 8, and that of 7 should be here", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Verify_HeadOfAnotherLedgerOrKey_ExitsWithVerificationFailed()
    {
        using var other = new LedgerFolder();
        other.Write(acts: 1);
        var (head, key) = (Save((await RunAsync("head", other.FilePath)).Output), other.Verify().Head!.PublicKey);

        var (code, _, errors) = await RunAsync("verify", _folder.FilePath, "--since", head);
        Assert.Equal((ExitCodes.VerificationFailed, "Not as it must be: the head that was kept is of another ledger."), (code, errors.TrimEnd()));
        (code, _, errors) = await RunAsync("verify", _folder.FilePath, "--public-key", key);
        Assert.Equal((ExitCodes.VerificationFailed, "Not as it must be: it was never signed with that key."), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task Verify_HeadThatIsNone_SaysSoAndExitsWithUsage()
    {
        var head = _folder.Verify().Head!;
        foreach (var (text, fault) in new[]
                 {
                     ("nonsense", "no JSON object with ledger, seq, time, hash, public_key and signature"),
                     ((head with { Seq = 4 }).ToJson().ToJsonString(), "a signature that is not its public_key's"),
                     (new string(' ', LedgerHead.MaxBytes + 1), "a file that is too long"),
                 })
        {
            var path = Save(text);
            var (code, _, errors) = await RunAsync("verify", _folder.FilePath, "--since", path);
            Assert.Equal((ExitCodes.Usage, $"--since: found '{path}', {fault}; allowed is a head as `spamguard ledger head` prints it."), (code, errors.TrimEnd()));
        }
    }

    [Fact]
    public async Task Verify_KeyInPem_IsTaken()
    {
        var pem = Save(Encoding.ASCII.GetString(NSec.Cryptography.PublicKey.Import(
            NSec.Cryptography.SignatureAlgorithm.Ed25519, Convert.FromHexString(_folder.Verify().Head!.PublicKey), NSec.Cryptography.KeyBlobFormat.RawPublicKey)
            .Export(NSec.Cryptography.KeyBlobFormat.PkixPublicKeyText)) + "\n");

        Assert.Equal(ExitCodes.Ok, (await RunAsync("verify", _folder.FilePath, "--public-key-file", pem)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("verify", _folder.FilePath, "--public-key-file", _folder.FilePath)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("verify", _folder.FilePath, "--public-key", new string('A', 64))).Code);
    }

    [Theory]
    [InlineData("Name either FILE, a ledger, or --digests.", "verify")]
    [InlineData("Name either FILE, a ledger, or --digests.", "verify", "a", "--digests", "b")]
    [InlineData("--head goes with --digests: where must they lead?", "verify", "--digests", "b")]
    [InlineData("Name either --public-key or --public-key-file.", "verify", "a", "--public-key", "b", "--public-key-file", "c")]
    [InlineData("--after takes the number of an entry, or 0 for all.", "digests", "a", "--after", "-1")]
    public async Task Run_BadCommandLine_SaysSoAndExitsWithUsage(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("head")]
    [InlineData("digests")]
    public async Task Run_FileThatIsNotThere_ExitsWithNotFound(string verb) => Assert.Equal(ExitCodes.NotFound, (await RunAsync(verb, "/nowhere")).Code);

    [Fact]
    public async Task Verify_WhileADeskHasTheLedger_IsNoMatter()
    {
        using var ledger = _folder.Open();

        Assert.Equal(ExitCodes.Ok, (await RunAsync("verify", _folder.Folder)).Code);
    }

    private async Task<string> KeepAsync() => Save((await RunAsync("head", _folder.FilePath)).Output);

    private string Save(string text)
    {
        var path = Path.Combine(_folder.Folder, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => CommandLines.RunAsync(["ledger", .. arguments]);
}
