using System.Security.Cryptography;
using SpamGuard.Epochs;

namespace SpamGuard.Promise.World;

/// <summary>A pepper in a file, as it is mounted.</summary>
internal sealed class Pepper
{
    public Pepper(string folder)
    {
        Path = System.IO.Path.Combine(folder, $"pepper-{Guid.NewGuid():N}");
        File.WriteAllBytes(Path, Bytes);
    }

    /// <summary>The secret.</summary>
    public byte[] Bytes { get; } = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Puts another in its place, in one step.</summary>
    public void Exchange(byte[] pepper)
    {
        File.WriteAllBytes(Path + ".next", pepper);
        File.Move(Path + ".next", Path, overwrite: true);
    }
}
