using System.CommandLine;
using System.Text;
using System.Text.Json;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Cli.Ledger;

/// <summary>What the verbs of <c>spamguard ledger</c> read.</summary>
internal static class LedgerInput
{
    /// <summary>How JSON is printed.</summary>
    public static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private const string AllowedHead = "a head as `spamguard ledger head` prints it";
    private const string AllowedKey = "an Ed25519 public key: 64 digits of hex in lower case, or in PEM as `openssl pkey -pubout` writes it";

    /// <summary>Where the ledger is.</summary>
    public static Argument<string> File() => new("FILE") { Description = $"The ledger: its file, or the folder with its {LedgerFile.Name}." };

    /// <summary>Opens it.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static FileStream Open(string path) => LedgerFile.OpenToRead(Directory.Exists(path) ? Path.Combine(path, LedgerFile.Name) : path);

    /// <summary>Verifies a ledger, and says what is wrong.</summary>
    /// <returns>Its head; <c>null</c> where it has none, or something is wrong.</returns>
    public static LedgerHead? HeadOrSay(string path, Terminal terminal, CancellationToken cancellationToken)
    {
        using var file = Open(path);
        var found = LedgerVerification.Of(file, since: null, publicKey: null, cancellationToken);
        if (found.Fault is not null)
        {
            terminal.Say($"{path}: {found.Fault}");
        }

        return found.Fault is null ? found.Head : null;
    }

    /// <summary>Reads a head and checks its signature; <c>null</c> where there is none, and says so.</summary>
    public static LedgerHead? ReadHeadOrSay(string option, string path, Terminal terminal)
    {
        using var file = System.IO.File.OpenRead(path);
        var (head, fault) = (default(LedgerHead), "a file that is too long");
        if (FileContent.Read(file, LedgerHead.MaxBytes) is { } json && LedgerHead.TryRead(json, out head, out fault))
        {
            return head;
        }

        terminal.Say($"{option}: found '{path}', {fault}; allowed is {AllowedHead}.");
        return null;
    }

    /// <summary>Reads a public key given as text; <c>null</c> where there is none, and says so.</summary>
    public static string? KeyOrSay(string option, string text, Terminal terminal)
    {
        var key = LedgerKey.IsPublic(text) ? text : LedgerKey.PublicOf(Encoding.ASCII.GetBytes(text));
        if (key is null)
        {
            terminal.Say($"{option}: found no such key; allowed is {AllowedKey}.");
        }

        return key;
    }
}
