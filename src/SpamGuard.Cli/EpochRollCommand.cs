using System.CommandLine;
using System.Globalization;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard epoch roll --yes</c>: begins the live epochs anew, under new salts and the newest pepper; what was learned is lost.</summary>
internal sealed class EpochRollCommand : Command
{
    private static readonly Dictionary<string, EpochClass> Classes = new(StringComparer.Ordinal)
    {
        ["address"] = EpochClass.Address,
        ["network"] = EpochClass.Network,
        ["all"] = EpochClass.Unspecified,
    };

    private readonly Option<string> _class = new("--class")
    {
        Description = "What to forget: addresses and contents, networks with regions and accounts, or both.",
        HelpName = string.Join('|', Classes.Keys),
        DefaultValueFactory = static _ => "all",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Do it. Without, say what it would do." };
    private readonly Terminal _terminal;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public EpochRollCommand(Terminal terminal)
        : base("roll", "Begins the live epochs anew, under new salts and the desk's newest pepper: all that was learned in them is lost, everywhere.")
    {
        _terminal = terminal;
        _class.AcceptOnlyFromAmong([.. Classes.Keys]);
        Add(_class);
        Add(_yes);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var epochClass = Classes[parsed.GetRequiredValue(_class)];
        if (!parsed.GetValue(_yes))
        {
            _terminal.Say($"Nothing was done. With --yes this begins anew the current {NameOf(epochClass)} epochs, the ones before, and the next where they are made:");
            _terminal.Say("all that was learned in them is lost, at once and for good, for every process" + (epochClass == EpochClass.Network ? "; only by decision tokens of before it is still found." : ", and decision tokens of before can't be opened."));
            return Task.FromResult(ExitCodes.Usage);
        }

        return _call.RunAsync(
            parsed,
            (invoker, options) => new EpochService.EpochServiceClient(invoker).RollAsync(new RollRequest { EpochClass = epochClass }, options),
            Tables,
            static _ => ExitCodes.Ok,
            cancellationToken);
    }

    private static string NameOf(EpochClass epochClass) => epochClass switch
    {
        EpochClass.Address => "address",
        EpochClass.Network => "network",
        _ => "address and network",
    };

    private IEnumerable<TextTable> Tables(RollResponse response)
    {
        _terminal.Say(response.Lost);
        yield return new TextTable(
            ["class", "epoch", "old_generation", "new_generation", "expire_time", "pepper_id", "replicas_acknowledged"],
            [
                .. response.Epochs.Select(epoch => (IReadOnlyList<string>)
                [
                    CallText.Of(epoch.EpochClass), Text(epoch.Number), Text(epoch.OldGeneration), Text(epoch.NewGeneration), CallText.Of(epoch.ExpireTime), epoch.PepperId, Text(epoch.ReplicasAcknowledged),
                ]),
            ]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
