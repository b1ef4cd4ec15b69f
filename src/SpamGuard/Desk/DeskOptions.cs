using System.Globalization;
using Microsoft.Extensions.Options;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk;

/// <summary>The desk, which serves every privileged call and scores nothing: section <c>Desk</c>, and <c>ConnectionStrings:Desk</c>.</summary>
internal sealed class DeskOptions
{
    /// <summary>The section of the configuration, the name of the connection string and the key of the desk's own services.</summary>
    public const string Section = "Desk";

    /// <summary>The key of <see cref="Enabled"/>.</summary>
    public const string EnabledKey = $"{Section}:{nameof(Enabled)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Flag(EnabledKey),
        Setting.Number($"{Section}:{nameof(Replicas)}", $"0 to {MostReplicas}"),
    ];

    /// <summary>The most replicas of a master that an erasure or a roll can wait for.</summary>
    public const int MostReplicas = 16;

    /// <summary>Whether this process is the desk. Default: no, in development yes.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many replicas of each master must have done what an erasure or a roll did, before it is confirmed: 0 to 16. Default: 0, which asks none.</summary>
    public int Replicas { get; set; }

    /// <summary>Redis, as the user <c>desk</c>, who may delete; in development that of <c>ConnectionStrings:Signals</c> by default. Never in a message.</summary>
    internal string ConnectionString { get; set; } = string.Empty;
}

/// <summary>Refuses a desk without a store of its own, and a number of replicas that is none.</summary>
internal sealed class DeskOptionsRules : IValidateOptions<DeskOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DeskOptions options)
    {
        if (options.Replicas is < 0 or > DeskOptions.MostReplicas)
        {
            return ValidateOptionsResult.Fail(string.Create(
                CultureInfo.InvariantCulture, $"Desk:Replicas: found {options.Replicas}; allowed are 0 to {DeskOptions.MostReplicas}."));
        }

        return options.Enabled && ConnectionText.Fault($"ConnectionStrings:{DeskOptions.Section}", options.ConnectionString, "desk", "Desk:Enabled is true") is { } fault
            ? ValidateOptionsResult.Fail(fault)
            : ValidateOptionsResult.Success;
    }
}
