using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SpamGuard.Epochs;

/// <summary>How fast epochs go by: <c>Epochs:*</c>, for tests.</summary>
internal sealed class EpochOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Epochs";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
        [Setting.Number($"{Section}:{nameof(Scale)}", string.Create(CultureInfo.InvariantCulture, $"1 to {EpochPace.MaxScale}"))];

    /// <summary>
    /// What lengths of epochs are divided by, 1 to <see cref="EpochPace.MaxScale"/>; more than 1 in development only. Default: 1. All processes of
    /// one store have the same, or they do not find each other's records.
    /// </summary>
    public int Scale { get; set; } = 1;
}

/// <summary>Refuses a scale outside of development: what a service keeps, and for how long, is no matter of configuration.</summary>
/// <param name="environment">Where it runs; <c>null</c>, as without a host, for no development.</param>
internal sealed class EpochOptionsRules(IHostEnvironment? environment = null) : IValidateOptions<EpochOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EpochOptions options) => options.Scale switch
    {
        1 => ValidateOptionsResult.Success,
        < 1 or > EpochPace.MaxScale => ValidateOptionsResult.Fail(
            string.Create(CultureInfo.InvariantCulture, $"Epochs:Scale: found {options.Scale}; allowed are 1 to {EpochPace.MaxScale}.")),
        _ => environment?.IsDevelopment() == true
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"Epochs:Scale: found {options.Scale}; allowed is 1: epochs are shorter in the environment Development only, for tests.")),
    };
}
