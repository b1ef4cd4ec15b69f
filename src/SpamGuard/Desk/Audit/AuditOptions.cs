using System.Globalization;
using Microsoft.Extensions.Options;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>The retention auditor: section <c>Audit</c>, and <c>ConnectionStrings:Auditor</c>.</summary>
internal sealed class AuditOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Audit";

    /// <summary>The name of the connection string, and the key of the auditor's own connection.</summary>
    public const string Connection = "Auditor";

    /// <summary>The key of <see cref="Enabled"/>.</summary>
    public const string EnabledKey = $"{Section}:{nameof(Enabled)}";

    /// <summary>The key of <see cref="Only"/>.</summary>
    public const string OnlyKey = $"{Section}:{nameof(Only)}";

    /// <summary>The fewest keys a second: 100.</summary>
    public const int FewestKeysPerSecond = 100;

    /// <summary>The most keys a second: 1,000,000, which is more than one connection does.</summary>
    public const int MostKeysPerSecond = 1_000_000;

    /// <summary>Keys a second where nothing is said: a million in fifty seconds.</summary>
    public const int DefaultKeysPerSecond = 20_000;

    /// <summary>When the auditor gives a command up, in milliseconds: it waits rather than miss a server that is slow.</summary>
    internal const int DriverTimeoutMilliseconds = 5000;

    /// <summary>The shortest period: 10 seconds.</summary>
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(10);

    /// <summary>The longest period: one day.</summary>
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(1);

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Flag(EnabledKey),
        Setting.Flag(OnlyKey),
        Setting.Duration($"{Section}:{nameof(Period)}", ShortestPeriod, LongestPeriod),
        Setting.Number($"{Section}:{nameof(KeysPerSecond)}", string.Create(CultureInfo.InvariantCulture, $"{FewestKeysPerSecond} to {MostKeysPerSecond}")),
    ];

    /// <summary>Whether this process audits. Default: no.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether this process does nothing else: it scores nobody and answers nobody, and so has no pepper. Default: no.</summary>
    public bool Only { get; set; }

    /// <summary>Whether this process is the desk, which can't only audit.</summary>
    internal bool IsOfADesk { get; set; }

    /// <summary>From the beginning of one pass to that of the next; a pass that takes longer is followed at once. Default: 10 minutes.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many keys are walked in a second at most. Default: <see cref="DefaultKeysPerSecond"/>.</summary>
    public int KeysPerSecond { get; set; } = DefaultKeysPerSecond;

    /// <summary>Redis, as the user <c>auditor</c>; in development that of <c>ConnectionStrings:Signals</c> by default. Never in a message.</summary>
    internal string ConnectionString { get; set; } = string.Empty;
}

/// <summary>What settings of the auditor must fulfil.</summary>
internal sealed class AuditOptionsRules : IValidateOptions<AuditOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var faults = new List<string>();
        if (options.Period < AuditOptions.ShortestPeriod || options.Period > AuditOptions.LongestPeriod)
        {
            faults.Add($"Audit:Period: found {options.Period:c}; allowed are {AuditOptions.ShortestPeriod:c} to {AuditOptions.LongestPeriod:c}.");
        }

        if (options.KeysPerSecond is < AuditOptions.FewestKeysPerSecond or > AuditOptions.MostKeysPerSecond)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Audit:KeysPerSecond: found {options.KeysPerSecond}; allowed are {AuditOptions.FewestKeysPerSecond} to {AuditOptions.MostKeysPerSecond}."));
        }

        if (options.Only && (options.IsOfADesk || !options.Enabled))
        {
            faults.Add($"{AuditOptions.OnlyKey}: found true, and {(options.Enabled ? "Desk:Enabled is true" : "Audit:Enabled is not")}; allowed is false, or true in a process that audits and is no desk.");
        }

        if (options.Enabled && ConnectionText.Fault($"ConnectionStrings:{AuditOptions.Connection}", options.ConnectionString, "auditor", "Audit:Enabled is true") is { } fault)
        {
            faults.Add(fault);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
