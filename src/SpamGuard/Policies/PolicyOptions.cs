using Microsoft.Extensions.Options;
using SpamGuard.Policies.Files;

namespace SpamGuard.Policies;

/// <summary>Where the policy is: section <c>Policy</c>.</summary>
internal sealed class PolicyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Policy";

    /// <summary>The key of <see cref="Path"/>.</summary>
    public const string PathKey = $"{Section}:{nameof(Path)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(PathKey)];

    /// <summary>Keys of the section that are keys of the file now.</summary>
    public static readonly IReadOnlyDictionary<string, string> Moved = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [$"{Section}:AccountMemory"] = $"memory.account in the file of {PathKey}",
        [$"{Section}:ContentMemory"] = $"memory.content in the file of {PathKey}",
        [$"{Section}:TestAddresses"] = $"test_addresses in the file of {PathKey}",
    };

    /// <summary>A file in YAML or JSON, read again whenever it changes. Default: none, and the policy is the one that is built in.</summary>
    public string? Path { get; set; }

    /// <summary>The first reading of the file; null without one.</summary>
    internal PolicyReading? First { get; set; }
}

/// <summary>Refuses a policy file that can't be used before anything listens, all faults at once.</summary>
internal sealed class PolicyOptionsRules : IValidateOptions<PolicyOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PolicyOptions options) => options.First is { File.Faults: { Count: > 0 } faults }
        ? ValidateOptionsResult.Fail(faults.Select(fault => $"{PolicyOptions.PathKey}: {options.Path}: {fault}"))
        : ValidateOptionsResult.Success;
}
