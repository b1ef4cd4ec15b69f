using System.Security.Cryptography;
using System.Text;

namespace SpamGuard.Testing;

/// <summary>The users of a deployment, out of the very files that it mounts (<c>k8s/redis</c>), with the passwords of the tests and an admin.</summary>
internal static class RedisUsers
{
    /// <summary>For one server, with or without replicas of its own.</summary>
    public const string Standalone = "standalone.acl";

    /// <summary>For the data servers behind sentinels.</summary>
    public const string Sentinel = "sentinel.acl";

    /// <summary>For the sentinels themselves.</summary>
    public const string Sentinels = "sentinels.acl";

    /// <summary>For every node of a cluster.</summary>
    public const string Cluster = "cluster.acl";

    /// <summary>Where the files are.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Folder, "k8s", "redis");

    /// <summary>What the file gives a user: the words behind its password.</summary>
    public static string[] RulesOf(string file, RedisAccount account) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(static line => line.Split(' ')).Single(words => words[1] == account.Name).Skip(4)];

    /// <summary>The users as Redis reads them.</summary>
    public static string Text(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        foreach (var account in RedisAccount.OfADeployment)
        {
            text = text.Replace($"#SHA256_OF_{account.Name.ToUpperInvariant()}_PASSWORD", $"#{Hash(account)}", StringComparison.Ordinal);
        }

        return $"{text}user {RedisAccount.Admin.Name} on #{Hash(RedisAccount.Admin)} ~* &* +@all\n";
    }

    /// <summary>Writes <see cref="Text"/> into a folder and returns the file's path.</summary>
    public static string Write(string file, DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, file);
        File.WriteAllText(path, Text(file));
        return path;
    }

    private static string Hash(RedisAccount account) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.Password)));
}
