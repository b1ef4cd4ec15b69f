using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Cli.Ledger;

/// <summary><c>spamguard ledger verify</c>: whether a ledger, or the digests of one, are what they must be.</summary>
internal sealed class LedgerVerifyCommand : Command
{
    private const string SinceName = "--since";
    private const string HeadName = "--head";
    private const string KeyName = "--public-key";
    private const string KeyFileName = "--public-key-file";

    private readonly Argument<string?> _file = new("FILE")
    {
        Description = $"The ledger: its file, or the folder with its {LedgerFile.Name}. None with --digests.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _since = new(SinceName) { Description = "A file with a head that was kept: the ledger must hold it, unchanged.", HelpName = "FILE" };
    private readonly Option<string?> _key = new(KeyName) { Description = "The key that signs it or signed it, in hex." };
    private readonly Option<string?> _keyFile = new(KeyFileName) { Description = "The same as a file in PEM.", HelpName = "FILE" };
    private readonly Option<string?> _digests = new("--digests") { Description = "A file of digests instead of a ledger, from its first entry on or from the one behind --since on.", HelpName = "FILE" };
    private readonly Option<string?> _head = new(HeadName) { Description = "With --digests: a file with the head that they must lead to.", HelpName = "FILE" };
    private readonly Option<bool> _json = JsonOption.New();
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public LedgerVerifyCommand(Terminal terminal)
        : base("verify", "Verifies a ledger and says what that proves and what not; exits with 6 where something is wrong.")
    {
        _terminal = terminal;
        Add(_file);
        Add(_since);
        Add(_key);
        Add(_keyFile);
        Add(_digests);
        Add(_head);
        Add(_json);
        Validators.Add(Check);
        SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
    }

    private void Check(CommandResult result)
    {
        var (ofLedger, ofDigests) = (result.GetValue(_file) is not null, result.GetValue(_digests) is not null);
        if (ofLedger == ofDigests)
        {
            result.AddError("Name either FILE, a ledger, or --digests.");
        }
        else if (ofDigests != result.GetValue(_head) is not null)
        {
            result.AddError($"{HeadName} goes with --digests: where must they lead?");
        }

        if (result.GetValue(_key) is not null && result.GetValue(_keyFile) is not null)
        {
            result.AddError($"Name either {KeyName} or {KeyFileName}.");
        }
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (since, head, key) = (default(LedgerHead), default(LedgerHead), default(string));
        if ((parsed.GetValue(_since) is { } old && (since = LedgerInput.ReadHeadOrSay(SinceName, old, _terminal)) is null)
            || (parsed.GetValue(_head) is { } next && (head = LedgerInput.ReadHeadOrSay(HeadName, next, _terminal)) is null)
            || (parsed.GetValue(_key) is { } hex && (key = LedgerInput.KeyOrSay(KeyName, hex, _terminal)) is null)
            || (parsed.GetValue(_keyFile) is { } pem && (key = LedgerInput.KeyOrSay(KeyFileName, File.ReadAllText(pem), _terminal)) is null))
        {
            return ExitCodes.Usage;
        }

        var finding = head is null ? OfLedger(parsed.GetValue(_file)!, since, key, cancellationToken) : OfDigests(parsed.GetValue(_digests)!, since, head, key);
        if (parsed.GetValue(_json))
        {
            _terminal.Output.WriteLine(finding.ToJson().ToJsonString(LedgerInput.Readable));
        }
        else
        {
            _terminal.Write(finding.ToTable());
        }

        _terminal.Say(finding.Fault is { } fault ? $"Not as it must be: {fault}." : $"Proved: {finding.Proved}\nNot proved: {finding.NotProved}");
        return finding.Fault is null ? ExitCodes.Ok : ExitCodes.VerificationFailed;
    }

    private static LedgerFinding OfLedger(string path, LedgerHead? since, string? key, CancellationToken cancellationToken)
    {
        using var file = LedgerInput.Open(path);
        return LedgerFinding.Of(LedgerVerification.Of(file, since, key, cancellationToken), since, key);
    }

    private static LedgerFinding OfDigests(string path, LedgerHead? since, LedgerHead head, string? key)
    {
        using var digests = File.OpenRead(path);
        var fault = key is not null && !string.Equals(key, head.PublicKey, StringComparison.Ordinal) ? "the head is not signed by the key that was given"
            : LedgerDigests.Fault(digests, since, head);
        return LedgerFinding.OfDigests(fault, since, head, key);
    }
}
