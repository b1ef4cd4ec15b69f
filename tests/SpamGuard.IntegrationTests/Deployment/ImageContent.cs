using System.Formats.Tar;
using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The files of an image, its base's among them.</summary>
internal sealed class ImageContent
{
    private const string Home = "app/";

    private ImageContent(IReadOnlyList<string> all, IReadOnlyDictionary<string, byte[]> own)
    {
        All = all;
        Own = own;
    }

    /// <summary>The paths of all files, without a slash before them.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>What the Dockerfile put in: names below its folder, and bytes.</summary>
    public IReadOnlyDictionary<string, byte[]> Own { get; }

    /// <summary>Reads them.</summary>
    public static async Task<ImageContent> OfAsync(string image)
    {
        var container = (await CommandRun.OutputOfAsync(["docker", "create", image])).Trim();
        var file = Path.GetTempFileName();
        try
        {
            await CommandRun.OutputOfAsync(["docker", "export", "--output", file, container]);
            List<string> all = [];
            Dictionary<string, byte[]> own = new(StringComparer.Ordinal);
            await using var stream = File.OpenRead(file);
            await using var tar = new TarReader(stream);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                if (entry.EntryType is TarEntryType.Directory)
                {
                    continue;
                }

                all.Add(entry.Name);
                if (entry.Name.StartsWith(Home, StringComparison.Ordinal))
                {
                    using var bytes = new MemoryStream();
                    await (entry.DataStream ?? Stream.Null).CopyToAsync(bytes);
                    own.Add(entry.Name[Home.Length..], bytes.ToArray());
                }
            }

            return new ImageContent(all, own);
        }
        finally
        {
            File.Delete(file);
            await CommandRun.OutputOfAsync(["docker", "rm", container]);
        }
    }

    /// <summary>Whether a file belongs to what serves laptops only.</summary>
    public static bool IsOfTheEmbeddedStore(string file) =>
        file.Contains("Garnet", StringComparison.OrdinalIgnoreCase)
        || file.Contains("Tsavorite", StringComparison.OrdinalIgnoreCase)
        || file.Contains("Embedded", StringComparison.OrdinalIgnoreCase)
        || file.Contains("lua", StringComparison.OrdinalIgnoreCase);

    /// <summary>One of its own files, as JSON.</summary>
    public JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(Own[file]);
        return document.RootElement.Clone();
    }

    /// <summary>The packages that its assemblies come from, as <c>name/version</c>, each with the names of its files.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Packages()
    {
        var dependencies = Json("SpamGuard.Server.deps.json");
        var target = dependencies.GetProperty("targets").GetProperty(dependencies.GetProperty("runtimeTarget").GetProperty("name").GetString()!);
        return target.EnumerateObject()
            .Select(static library => KeyValuePair.Create(library.Name, (IReadOnlyList<string>)[.. Files(library.Value, "runtime"), .. Files(library.Value, "native")]))
            .Where(static library => library.Value.Count > 0 && !library.Value[0].StartsWith("SpamGuard", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Files(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out var files) ? files.EnumerateObject().Select(static file => Path.GetFileName(file.Name)) : [];
}
