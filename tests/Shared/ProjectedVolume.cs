using System.Runtime.InteropServices;
using System.Text;

namespace SpamGuard.Testing;

/// <summary>
/// A folder as Kubernetes mounts a ConfigMap or a Secret: <c>NAME</c> leads to <c>..data/NAME</c>, <c>..data</c> to a folder of the time, and an
/// update renames a new <c>..data</c> over the old.
/// </summary>
public static class ProjectedVolume
{
    /// <summary>Turns <c>..data</c> to another folder of the volume, in one step.</summary>
    public static void Turn(string volume, string target)
    {
        var next = Path.Combine(volume, "..data_tmp");
        Directory.CreateSymbolicLink(next, target);
        Assert.Equal(0, Rename(Text(next), Text(Path.Combine(volume, "..data"))));
    }

    // The runtime moves no link over a link to a folder.
    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
