using System.Text;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>A ledger as its lines, to move them about.</summary>
internal static class LedgerText
{
    public static string[] Lines(byte[] ledger) => Encoding.UTF8.GetString(ledger).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static byte[] Of(params IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n")));
}
