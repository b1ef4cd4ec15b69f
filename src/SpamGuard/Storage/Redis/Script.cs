using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpamGuard.Storage.Redis;

/// <summary>A script as the store runs it: one chunk of text, and the hash under which the store remembers it.</summary>
internal sealed class Script
{
    private Script(string text)
    {
        Text = text;
        Hash = Sha1(text);
    }

    /// <summary>The whole text: what it builds on, then its own file.</summary>
    public string Text { get; }

    /// <summary>SHA-1 of the text, 20 bytes: what EVALSHA names.</summary>
    public byte[] Hash { get; }

    /// <summary>Joins embedded files into one script.</summary>
    /// <param name="files">Names of files in this folder, the one that answers last.</param>
    public static Script Of(params ReadOnlySpan<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            using var stream = typeof(Script).Assembly.GetManifestResourceStream(file)
                ?? throw new InvalidOperationException($"The script {file} is not embedded.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            text.Append(reader.ReadToEnd());
        }

        return new Script(text.ToString());
    }

    /// <summary>The same script with one line replaced: how a test holds the store's clock.</summary>
    public Script With(string line, string other) => new(Text.Replace(line, other, StringComparison.Ordinal));

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Redis names scripts so; nothing is protected by it.")]
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
