namespace SpamGuard.Testing;

/// <summary>A policy in a folder of its own, as it is mounted.</summary>
public sealed class PolicyFileOnDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public PolicyFileOnDisk(string content) => Write(content);

    public string Path => System.IO.Path.Combine(_folder.FullName, "policy.yaml");

    public void Write(string content) => File.WriteAllText(Path, content);

    /// <summary>Writes beside it and renames, as careful writers do.</summary>
    public void Exchange(string content)
    {
        File.WriteAllText(Path + ".new", content);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    public void Delete() => File.Delete(Path);

    public void Dispose() => _folder.Delete(recursive: true);
}
