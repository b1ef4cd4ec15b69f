using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Health;

/// <summary>How a process ends: <c>Drain:*</c>.</summary>
internal sealed class DrainOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Drain";

    /// <summary>The longest delay: the time for a stop has no room for more.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(20);

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Duration($"{Section}:{nameof(Delay)}", TimeSpan.Zero, MaxDelay)];

    /// <summary>How long a process that was told to stop still takes calls, so that load balancers notice. 0 to 20 s; 5 s, in development 0.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Refuses a delay that the time for a stop has no room for.</summary>
internal sealed class DrainOptionsValidator : IValidateOptions<DrainOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DrainOptions options) =>
        options.Delay < TimeSpan.Zero || options.Delay > DrainOptions.MaxDelay
            ? ValidateOptionsResult.Fail($"Drain:Delay: found {options.Delay}; allowed are {TimeSpan.Zero} to {DrainOptions.MaxDelay}.")
            : ValidateOptionsResult.Success;
}
