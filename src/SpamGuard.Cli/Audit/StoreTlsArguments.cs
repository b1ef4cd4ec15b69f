using System.CommandLine;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Cli.Audit;

/// <summary>How a verb's own connection to the store is encrypted, and by whom: options, each with a variable of the environment that stands in for it.</summary>
internal sealed class StoreTlsArguments
{
    private readonly (Option<string?> Option, string Key, string Variable)[] _files =
    [
        File("--store-ca", nameof(StoreTlsOptions.CaPath), "PEM file of the authorities that may sign the store's certificates."),
        File("--store-cert", nameof(StoreTlsOptions.CertificatePath), "PEM file of the client certificate to show the store."),
        File("--store-key", nameof(StoreTlsOptions.KeyPath), "PEM file of that certificate's private key, without a password."),
    ];

    private readonly Option<bool> _bySidecar = new("--store-by-sidecar")
    {
        Description = $"A sidecar of this machine encrypts the way to the store: connect in the clear to another machine too. [default: the environment's {Variable(StoreTlsOptions.BySidecarKey)}]",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var file in _files)
        {
            command.Add(file.Option);
        }

        command.Add(_bySidecar);
    }

    /// <summary>What was given. Where any of the files is set, the connection is encrypted.</summary>
    public StoreTlsOptions Of(ParseResult parsed, Terminal terminal)
    {
        var paths = Array.ConvertAll(_files, file => parsed.GetValue(file.Option) ?? terminal.Variable(file.Variable));
        var bySidecar = parsed.GetValue(_bySidecar) || (bool.TryParse(terminal.Variable(Variable(StoreTlsOptions.BySidecarKey)), out var isSo) && isSo);
        return new StoreTlsOptions { CaPath = paths[0], CertificatePath = paths[1], KeyPath = paths[2], BySidecar = bySidecar };
    }

    /// <summary>A message about settings, with the words in which they were given here.</summary>
    public string Named(string message, ParseResult parsed) => _files.Aggregate(
        message.Replace($"{StoreTlsOptions.BySidecarKey} true", _bySidecar.Name, StringComparison.Ordinal),
        (text, file) => text.Replace(file.Key, parsed.GetValue(file.Option) is null ? file.Variable : file.Option.Name, StringComparison.Ordinal));

    private static (Option<string?> Option, string Key, string Variable) File(string option, string name, string description)
    {
        var key = $"{StoreTlsOptions.Section}:{name}";
        var variable = Variable(key);
        return (new(option) { Description = $"{description} [default: the environment's {variable}]" }, key, variable);
    }

    private static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
