using System.CommandLine;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Cli.Audit;

/// <summary>How a verb's own connection to the store is encrypted: three options, each with a variable of the environment that stands in for it.</summary>
internal sealed class StoreTlsArguments
{
    private readonly (Option<string?> Option, string Key, string Variable)[] _files =
    [
        File("--store-ca", nameof(StoreTlsOptions.CaPath), "PEM file of the authorities that may sign the store's certificates."),
        File("--store-cert", nameof(StoreTlsOptions.CertificatePath), "PEM file of the client certificate to show the store."),
        File("--store-key", nameof(StoreTlsOptions.KeyPath), "PEM file of that certificate's private key, without a password."),
    ];

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var file in _files)
        {
            command.Add(file.Option);
        }
    }

    /// <summary>What was given. Where any of it is set, the connection is encrypted.</summary>
    public StoreTlsOptions Of(ParseResult parsed, Terminal terminal)
    {
        var paths = Array.ConvertAll(_files, file => parsed.GetValue(file.Option) ?? terminal.Variable(file.Variable));
        return new StoreTlsOptions { CaPath = paths[0], CertificatePath = paths[1], KeyPath = paths[2] };
    }

    /// <summary>A message about settings, with the words in which they were given here.</summary>
    public string Named(string message, ParseResult parsed) => _files.Aggregate(
        message, (text, file) => text.Replace(file.Key, parsed.GetValue(file.Option) is null ? file.Variable : file.Option.Name, StringComparison.Ordinal));

    private static (Option<string?> Option, string Key, string Variable) File(string option, string name, string description)
    {
        var key = $"{StoreTlsOptions.Section}:{name}";
        var variable = key.Replace(":", "__", StringComparison.Ordinal);
        return (new(option) { Description = $"{description} [default: the environment's {variable}]" }, key, variable);
    }
}
