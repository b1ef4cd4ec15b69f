using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpamGuard;

/// <summary>Binds a section of the configuration, and tells all of it that can't be used at once.</summary>
/// <remarks>
/// The binder by itself ignores what it does not know, and gives up at the first value that it can't convert without saying what it could. Here it
/// sees only what it can bind, and the rest are faults beside those of the options' own rules. Of a key that is no setting, the value is not shown.
/// </remarks>
internal static class SettingsSection
{
    /// <summary>Binds <paramref name="section"/> to options that are checked on start.</summary>
    /// <param name="services">Takes the options.</param>
    /// <param name="configuration">Holds the section.</param>
    /// <param name="section">The section's name.</param>
    /// <param name="settings">Its keys.</param>
    /// <param name="moved">Whole keys that once were settings, with where the same is said now.</param>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(
        this IServiceCollection services,
        IConfiguration configuration,
        string section,
        IReadOnlyList<Setting> settings,
        IReadOnlyDictionary<string, string>? moved = null)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new ValidateOptions<TOptions>(configuration, section, settings, moved));
        return services.AddOptions<TOptions>()
            .Configure(options => Usable(configuration, section, settings).GetSection(section).Bind(options))
            .ValidateOnStart();
    }

    /// <summary>Whether a switch is on, for who has to know before options are there. What is neither true nor false is off here, and a fault of its section's check.</summary>
    /// <param name="configuration">Holds it.</param>
    /// <param name="key">Its whole key.</param>
    public static bool IsOn(this IConfiguration configuration, string key) => bool.TryParse(configuration[key], out var isOn) && isOn;

    private static IConfiguration Usable(IConfiguration configuration, string section, IReadOnlyList<Setting> settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(Values(configuration, section).Where(pair => Find(settings, pair.Key)?.Accepts(pair.Value!) == true))
            .Build();

    // The section's own value is not looked at: an environment variable may have its name by chance.
    private static IEnumerable<KeyValuePair<string, string?>> Values(IConfiguration configuration, string section) =>
        configuration.GetSection(section).AsEnumerable()
            .Where(pair => pair.Value is not null && pair.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    private static Setting? Find(IReadOnlyList<Setting> settings, string key) =>
        settings.FirstOrDefault(setting => string.Equals(setting.Key, key, StringComparison.OrdinalIgnoreCase));

    private sealed class ValidateOptions<TOptions>(
        IConfiguration configuration, string section, IReadOnlyList<Setting> settings, IReadOnlyDictionary<string, string>? moved)
        : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var faults = new List<string>();
            foreach (var (key, value) in Values(configuration, section).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (moved?.GetValueOrDefault(key) is { } where)
                {
                    faults.Add($"{key}: is no setting any more; allowed is {where}.");
                }
                else if (Find(settings, key) is not { } setting)
                {
                    faults.Add($"{key}: is no setting; allowed {(settings.Count == 1 ? "is" : "are")} {string.Join(", ", settings.Select(one => one.Key))}.");
                }
                else if (!setting.Accepts(value!))
                {
                    faults.Add($"{setting.Key}: found '{value}'; allowed are {setting.Allowed}.");
                }
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
