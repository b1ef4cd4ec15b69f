using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SpamGuard.Desk.Audit;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Cli.Audit;

/// <summary><c>spamguard audit retention</c>: one pass of the retention auditor, by this program's own connection to the store.</summary>
internal sealed class AuditRetentionCommand : Command
{
    private const string ConnectionVariable = "ConnectionStrings__Auditor";
    private const string TopologyVariable = "Signals__Topology";
    private const string ScaleVariable = "Epochs__Scale";
    private const string StandardInput = "-";

    private static readonly JsonSerializerOptions SnakeCase = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Option<string?> _connectionFile = new("--connection-file")
    {
        Description = $"A file with the connection string of the store as the user auditor, or - for standard input. [default: the environment's {ConnectionVariable}]",
        HelpName = "FILE",
    };

    private readonly Option<SignalTopology?> _topology = new("--topology")
    {
        Description = $"How the store is deployed. [default: the environment's {TopologyVariable}, or standalone]",
    };

    private readonly StoreTlsArguments _tls = new();

    private readonly Option<int> _keysPerSecond = new("--keys-per-second")
    {
        Description = "How many keys are walked in a second at most.",
        DefaultValueFactory = static _ => AuditOptions.DefaultKeysPerSecond,
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Delete nothing, and leave the ACL log as it is. Expired keys are freed all the same: to walk does that." };

    private readonly Option<bool> _json = JsonOption.New();

    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public AuditRetentionCommand(Terminal terminal)
        : base("retention", "Walks every key of the store, deletes those that may not be there, and checks the store's settings; exits with 6 unless all was seen and as it must be.")
    {
        _terminal = terminal;
        _keysPerSecond.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValue(_keysPerSecond) is < AuditOptions.FewestKeysPerSecond or > AuditOptions.MostKeysPerSecond)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--keys-per-second takes {AuditOptions.FewestKeysPerSecond} to {AuditOptions.MostKeysPerSecond}."));
            }
        });
        Add(_connectionFile);
        Add(_topology);
        _tls.AddTo(this);
        Add(_keysPerSecond);
        Add(_dryRun);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (source, text) = await ConnectionAsync(parsed.GetValue(_connectionFile), cancellationToken);
        if (ConnectionText.Fault(source, text, "auditor", "the auditor connects to the store itself") is { } fault)
        {
            _terminal.Say(fault);
            return ExitCodes.Usage;
        }

        if (Topology(parsed.GetValue(_topology)) is not { } topology)
        {
            _terminal.Say($"{TopologyVariable}: found '{_terminal.Variable(TopologyVariable)}'; allowed are standalone, sentinel, cluster.");
            return ExitCodes.Usage;
        }

        if (Pace() is not { } pace)
        {
            _terminal.Say($"{ScaleVariable}: found '{_terminal.Variable(ScaleVariable)}'; allowed are 1 to {EpochPace.MaxScale}.");
            return ExitCodes.Usage;
        }

        var options = new SignalStoreOptions { Topology = topology, ConnectionString = text!, Tls = _tls.Of(parsed, _terminal) };
        var rules = new SignalStoreOptionsRules().Validate(name: null, options);
        if (rules.Failed)
        {
            _terminal.Say(_tls.Named(string.Join(' ', rules.Failures), parsed).Replace($"ConnectionStrings:{SignalStoreOptions.Section}", source, StringComparison.Ordinal));
            return ExitCodes.Usage;
        }

        if (StoreWay.Fault(source, options) is { } open)
        {
            _terminal.Say(_tls.Named(open, parsed));
            return ExitCodes.Usage;
        }

        var report = await AuditAsync(options, pace, parsed.GetValue(_keysPerSecond), parsed.GetValue(_dryRun), cancellationToken);
        if (report is not { IsReached: true })
        {
            _terminal.Say("The store can't be reached, does not take this account or its password, or is not deployed as --topology says (standalone, sentinel, cluster).");
            return ExitCodes.Unavailable;
        }

        foreach (var refusal in report.Refusals)
        {
            _terminal.Say($"In the store's ACL log: refused was {refusal}.");
        }

        Write(AuditResult.Of(report, parsed.GetValue(_dryRun)), parsed.GetValue(_json));
        return report.Outcome == AuditOutcome.Clean ? ExitCodes.Ok : ExitCodes.VerificationFailed;
    }

    private async Task<AuditReport?> AuditAsync(SignalStoreOptions options, EpochPace pace, int keysPerSecond, bool dryRun, CancellationToken cancellationToken)
    {
        await using var connection = new RedisConnection(
            Microsoft.Extensions.Options.Options.Create(options), new StoreTlsMessages(_terminal), AuditOptions.DriverTimeoutMilliseconds, asksForSettings: true);
        try
        {
            await connection.StartAsync(cancellationToken);
        }
        catch (StoreException)
        {
            return null;
        }

        var calendar = new EpochCalendar(lives: pace.Lives);
        return await new RetentionAuditor(new AuditedStore(connection), keysPerSecond, TimeProvider.System, calendar).RunAsync(dryRun, cancellationToken);
    }

    private void Write(AuditResult result, bool json)
    {
        if (json)
        {
            _terminal.Output.WriteLine(JsonSerializer.Serialize(result, SnakeCase));
        }
        else
        {
            foreach (var table in AuditTables.Of(result))
            {
                _terminal.Write(table);
            }
        }

        _terminal.Say(AuditTables.Summary(result));
    }

    /// <summary>Never a flag: a command line is seen by everybody on the machine, and stays in the shell's history.</summary>
    private async Task<(string Source, string? Text)> ConnectionAsync(string? file, CancellationToken cancellationToken) => file switch
    {
        null => (ConnectionVariable, _terminal.Variable(ConnectionVariable)),
        StandardInput => ("standard input", (await Console.In.ReadToEndAsync(cancellationToken)).Trim()),
        _ => (file, (await File.ReadAllTextAsync(file, cancellationToken)).Trim()),
    };

    // Of a store for tests: by another calendar its salts would look like those of epochs to come.
    private EpochPace? Pace() =>
        _terminal.Variable(ScaleVariable) is not { } named ? EpochPace.OfService
        : int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var scale) && scale is >= 1 and <= EpochPace.MaxScale ? new EpochPace(scale)
        : null;

    private SignalTopology? Topology(SignalTopology? given) =>
        given is not null ? given
        : _terminal.Variable(TopologyVariable) is not { } named ? SignalTopology.Standalone
        : Enum.TryParse<SignalTopology>(named, ignoreCase: true, out var topology) && Enum.IsDefined(topology) ? topology
        : null;
}
