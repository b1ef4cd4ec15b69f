using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages;

/// <summary>The descriptors of the interface with their comments, as buf makes them of the protos; and those of the last release.</summary>
internal static class Protos
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // npm has much to fetch
    private static readonly Lazy<Task<byte[]>> Built = new(BuildAsync);

    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Folder, "protos");

    /// <summary>What callers build from.</summary>
    public static string ReleasePath { get; } = Path.Combine(Folder, "spamguard.binpb");

    /// <summary>Every file as it is now, what it imports before it.</summary>
    public static async Task<IReadOnlyList<FileDescriptor>> CurrentAsync() => Files(await Built.Value);

    /// <summary>Writes the folder, and what makes it a module of buf, as a fresh clone has them.</summary>
    public static Task CloneAsync(string to) => CommandRun.OutputOfAsync(
        ["bash", "-c", "set -o pipefail; git ls-files --cached --others --exclude-standard buf.yaml protos | tar -c -T - | tar -x -C \"$0\"", to], limit: Limit);

    /// <summary>Every file of the last release.</summary>
    public static IReadOnlyList<FileDescriptor> Release() => Files(File.ReadAllBytes(ReleasePath));

    /// <summary>Every method that is there as JSON too.</summary>
    public static IEnumerable<(MethodDescriptor Method, HttpRule Rule)> JsonMethods(IEnumerable<FileDescriptor> files) =>
        from file in files
        from service in file.Services
        from method in service.Methods
        let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
        where rule is not null
        select (method, rule);

    /// <summary>How a rule of HTTP begins: <c>POST</c> or <c>GET</c>, and the path.</summary>
    public static (string Verb, string Path) Route(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
        HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
        HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
        HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
        HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
        _ => (rule.Custom?.Kind ?? "", rule.Custom?.Path ?? ""),
    };

    /// <summary>The files of a FileDescriptorSet.</summary>
    public static IReadOnlyList<FileDescriptor> Files(byte[] descriptorSet)
    {
        ExtensionRegistry registry = [AnnotationsExtensions.Http];
        var files = FileDescriptorSet.Parser.WithExtensionRegistry(registry).ParseFrom(descriptorSet).File;
        return [.. FileDescriptor.BuildFromByteStrings(files.Select(static file => file.ToByteString()), registry)];
    }

    private static async Task<byte[]> BuildAsync()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("spamguard-protos-").FullName, "current.binpb");
        try
        {
            await CommandRun.OutputOfAsync([InstalledProgram.Find("bash", "bash"), "-c", ". protos/tools; fetch_tools; build_descriptor \"$0\"", path], limit: Limit);
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
