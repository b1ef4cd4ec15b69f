using Microsoft.Extensions.Logging;

namespace SpamGuard.Policies.Files;

/// <summary>The first reading of a policy file, and the watch that goes on from there.</summary>
/// <param name="Watch">Knows what was read.</param>
/// <param name="File">What was read.</param>
internal sealed record PolicyReading(FileWatch Watch, PolicyFile File)
{
    /// <summary>Reads the file; <c>null</c> where none is named.</summary>
    public static PolicyReading? Of(string? path, TimeProvider time, ILogger<FileWatch> logger)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        var watch = FileWatch.Of(path, PolicyYaml.MaxBytes, time, logger);
        return new(watch, PolicyFile.Of(watch.Read()));
    }
}
