namespace SpamGuard.Server;

/// <summary>Where settings are that are secrets, the connection strings of the store above all: <c>Secrets:*</c>.</summary>
internal sealed class SecretsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Secrets";

    /// <summary>The whole key of <see cref="Path"/>.</summary>
    public const string PathKey = $"{Section}:{nameof(Path)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(PathKey)];

    /// <summary>
    /// A mounted folder of files, each a setting: its key is the file's name with <c>__</c> for a colon (<c>ConnectionStrings__Signals</c>), its value what
    /// is in it but for one line break at its end. Files whose names begin with a dot are left alone. They count over all other sources, and are read once.
    /// </summary>
    public string? Path { get; set; }
}

/// <summary>Takes settings from files, for an environment variable is shown by <c>/proc</c> and inherited by every child.</summary>
internal static class SecretsExtensions
{
    /// <summary>Adds the files of <c>Secrets:Path</c> to the configuration, before anything else reads it.</summary>
    /// <exception cref="StartRefusedException">It is no folder, or can't be read.</exception>
    public static WebApplicationBuilder AddSecrets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<SecretsOptions>(builder.Configuration, SecretsOptions.Section, SecretsOptions.Settings);
        if (builder.Configuration[SecretsOptions.PathKey] is not { Length: > 0 } path)
        {
            return builder;
        }

        try
        {
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(path), optional: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = Directory.Exists(path) ? "which can't be read" : "which is no folder";
            throw new StartRefusedException(
                $"{SecretsOptions.PathKey}: found '{path}', {what}; allowed is a folder of files, each a setting that is named as an environment variable is.");
        }

        return builder;
    }
}
