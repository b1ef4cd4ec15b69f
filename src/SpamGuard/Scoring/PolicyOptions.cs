namespace SpamGuard.Scoring;

/// <summary>What configuration may change of the policy, section <c>Policy</c>.</summary>
internal sealed class PolicyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Policy";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Flag($"{Section}:{nameof(AccountMemory)}"),
        Setting.Flag($"{Section}:{nameof(ContentMemory)}"),
        Setting.Flag($"{Section}:{nameof(TestAddresses)}"),
    ];

    /// <summary>Whether accounts have records of their own. Default false: "IP addresses only".</summary>
    public bool AccountMemory { get; set; }

    /// <summary>Whether contents have records of their own. Default false: "IP addresses only".</summary>
    public bool ContentMemory { get; set; }

    /// <summary>Whether documentation addresses ending in 1 to 4 give fixed verdicts and count nothing. Default false; not for production.</summary>
    public bool TestAddresses { get; set; }
}
