using Microsoft.Extensions.Options;

namespace SpamGuard.Desk.Ledger;

/// <summary>The desk's ledger: section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Ledger";

    /// <summary>The key of <see cref="Path"/>.</summary>
    public const string PathKey = $"{Section}:{nameof(Path)}";

    /// <summary>The key of <see cref="KeyPath"/>.</summary>
    public const string KeyPathKey = $"{Section}:{nameof(KeyPath)}";

    /// <summary>The key of <see cref="PreviousKeyPath"/>.</summary>
    public const string PreviousKeyPathKey = $"{Section}:{nameof(PreviousKeyPath)}";

    /// <summary>What <see cref="Path"/> may be, to stand behind "allowed is ".</summary>
    internal const string AllowedPath = "a folder that this process can write, on a volume that outlives it";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(PathKey), Setting.Text(KeyPathKey), Setting.Text(PreviousKeyPathKey)];

    /// <summary>A folder, on a volume that outlives the process: the ledger is a file in it. Required for a desk but in development, where one is made for the run.</summary>
    public string? Path { get; set; }

    /// <summary>The file with the Ed25519 key that signs. Required for a desk but in development, where one is made for the run. Keep it elsewhere than the ledger.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The key until now, where <see cref="KeyPath"/> names another than the ledger was signed with: it signs the entry that hands over.</summary>
    public string? PreviousKeyPath { get; set; }

    /// <summary>Whether this process is the desk: else nothing is asked for, and there is no ledger.</summary>
    internal bool IsOfADesk { get; set; }

    /// <summary>Whether the ledger may be one that ends with the process: in development.</summary>
    internal bool MayEndWithTheProcess { get; set; }
}

/// <summary>Refuses a desk whose ledger, or the key of it, has no place.</summary>
internal sealed class LedgerOptionsRules : IValidateOptions<LedgerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        if (!options.IsOfADesk)
        {
            return ValidateOptionsResult.Success;
        }

        var faults = new List<string>();
        if (string.IsNullOrEmpty(options.Path) != string.IsNullOrEmpty(options.KeyPath) || !options.MayEndWithTheProcess)
        {
            Demand(LedgerOptions.PathKey, options.Path, LedgerOptions.AllowedPath);
            Demand(LedgerOptions.KeyPathKey, options.KeyPath, LedgerKey.Allowed);
        }

        Check(LedgerOptions.KeyPathKey, options.KeyPath);
        Check(LedgerOptions.PreviousKeyPathKey, options.PreviousKeyPath);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Demand(string key, string? value, string allowed)
        {
            if (string.IsNullOrEmpty(value))
            {
                faults.Add($"{key}: found nothing, and Desk:Enabled is true; allowed is {allowed}.");
            }
        }

        void Check(string key, string? path)
        {
            if (!string.IsNullOrEmpty(path))
            {
                using var read = LedgerKey.Read(path, out var fault);
                if (read is null)
                {
                    faults.Add($"{key}: found '{path}', {fault}; allowed is {LedgerKey.Allowed}.");
                }
            }
        }
    }
}
