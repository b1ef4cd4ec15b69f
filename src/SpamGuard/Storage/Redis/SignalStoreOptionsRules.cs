using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>What settings of the store must fulfil, each alone and together. All faults are told at once, and none shows the connection string.</summary>
internal sealed class SignalStoreOptionsRules : IValidateOptions<SignalStoreOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SignalStoreOptions options)
    {
        var faults = new List<string>();
        if (options.Budget < SignalStoreOptions.ShortestBudget || options.Budget > SignalStoreOptions.LongestBudget)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Signals:Budget is {options.Budget:c} ({options.Budget.TotalMilliseconds} ms); allowed is 00:00:00.002 to 00:00:00.200 (2 to 200 ms)."));
        }

        if (!Enum.IsDefined(options.Topology))
        {
            faults.Add($"Signals:Topology is {options.Topology}; allowed are standalone, sentinel and cluster.");
        }

        CheckConnection(options, faults);
        StoreTlsFiles.Read(options.Tls, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // The driver does not tell a word that is not there from one that says what it takes for granted.
    private static bool DeniesTls(string connectionString) =>
        connectionString.Split(',').Any(static option => option.Split('=', 2) is [var name, var value]
            && string.Equals(name.Trim(), "ssl", StringComparison.OrdinalIgnoreCase)
            && bool.TryParse(value, out var encrypts)
            && !encrypts);

    private static void CheckConnection(SignalStoreOptions options, List<string> faults)
    {
        var key = $"ConnectionStrings:{options.ConnectionName}";
        if (!string.Equals(options.ConnectionName, SignalStoreOptions.Section, StringComparison.Ordinal) && ConnectionText.Fault(key, options.ConnectionString, string.Empty, string.Empty) is not null)
        {
            return; // which is told with the rest of what it is for
        }

        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            faults.Add($"{key} is empty; allowed is host:port[,host:port...][,user=...][,password=...].");
            return;
        }

        ConfigurationOptions parsed;
        try
        {
            parsed = ConfigurationOptions.Parse(options.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            faults.Add($"{key} can't be read ({e.GetType().Name}; the value is withheld); allowed is host:port[,host:port...][,user=...][,password=...].");
            return;
        }

        if (parsed.EndPoints.Count == 0)
        {
            faults.Add($"{key} names no server; allowed is host:port[,host:port...].");
        }

        if (options.Tls.IsSet && DeniesTls(options.ConnectionString))
        {
            faults.Add($"{key} says ssl=false but {StoreTlsOptions.Section} is set; allowed is ssl=true, or to leave it out.");
        }

        var namesService = !string.IsNullOrEmpty(parsed.ServiceName);
        if (options.Topology == SignalTopology.Sentinel && !namesService)
        {
            faults.Add($"Signals:Topology is sentinel but {key} has no serviceName; it must have one, or the topology be standalone or cluster.");
        }
        else if (options.Topology != SignalTopology.Sentinel && namesService)
        {
            faults.Add($"{key} has a serviceName but Signals:Topology is {options.Topology}; with a serviceName it must be sentinel.");
        }
    }
}
