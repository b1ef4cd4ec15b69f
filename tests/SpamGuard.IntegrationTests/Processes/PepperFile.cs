using System.Security.Cryptography;
using SpamGuard.Epochs;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>A pepper in a file, as it is mounted into every process.</summary>
internal sealed class PepperFile : IDisposable
{
    public PepperFile() => Exchange();

    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <summary>Puts another pepper in it.</summary>
    public void Exchange() => File.WriteAllBytes(Path, RandomNumberGenerator.GetBytes(PepperRing.PepperSize));

    public void Dispose() => File.Delete(Path);
}
