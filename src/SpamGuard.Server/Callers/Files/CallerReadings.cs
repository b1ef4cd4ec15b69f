using SpamGuard.Policies.Files;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Reads the mounted files that tell callers apart, for the first time.</summary>
internal static class CallerReadings
{
    /// <summary>The certificates.</summary>
    public static MountedReading<TlsMaterial>? Of(TlsOptions options, TimeProvider time, ILogger<FileWatch> logger) =>
        options.Files.Any(static file => string.IsNullOrEmpty(file.Path)) ? null : new(
            new MountedFiles(options.Files.Select(static file => file.Path!), TlsFiles.MaxBytes, time, logger),
            files => (TlsFiles.Read(options, files, out var faults), faults));

    /// <summary>The callers.</summary>
    public static MountedReading<IReadOnlyList<CallerEntry>>? Callers(string? path, TimeProvider time, ILogger<FileWatch> logger) =>
        Of(CallerOptions.PathKey, path, CallerFile.MaxBytes, "a YAML file of callers", static content => (CallerFile.Read(content, out var faults), faults), time, logger);

    /// <summary>Who is denied.</summary>
    public static MountedReading<DenyList>? Denied(string? path, TimeProvider time, ILogger<FileWatch> logger) =>
        Of(CallerOptions.DeniedKey, path, DenyList.MaxBytes, "a file of denied certificates", static content => (DenyList.Read(content, out var faults), faults), time, logger);

    private static MountedReading<T>? Of<T>(
        string key,
        string? path,
        int maxBytes,
        string allowed,
        Func<byte[], (T Value, IReadOnlyList<PolicyFault> Faults)> read,
        TimeProvider time,
        ILogger<FileWatch> logger)
        where T : class
    {
        return string.IsNullOrEmpty(path) ? null : new(new MountedFiles([path], maxBytes, time, logger), Read);

        (T? Value, IReadOnlyList<string> Faults) Read(IReadOnlyDictionary<string, WatchedFile> files)
        {
            if (files[path].Fault is { } fault)
            {
                return (null, [$"{key}: {path}: found {fault}; allowed is the path of {allowed}."]);
            }

            var (value, faults) = read(files[path].Content);
            return faults.Count == 0 ? (value, []) : (null, [.. faults.Select(one => $"{key}: {path}: {one}")]);
        }
    }
}
