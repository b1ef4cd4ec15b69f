using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Overrides;

/// <summary><c>spamguard override list</c>: what operators say, and who said it.</summary>
internal sealed class OverrideListCommand : Command
{
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public OverrideListCommand(Terminal terminal)
        : base("list", "Prints what operators say: who said it, when, why and until when; never of whom. Exits with 6 where one does not stand as the ledger says.")
    {
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _call.RunAsync(
        parsed,
        static (invoker, options) => new OverrideService.OverrideServiceClient(invoker).ListAsync(new OverrideServiceListRequest(), options),
        OverrideText.Tables,
        static response => response.Overrides.All(static said => said.State == OverrideState.InForce) ? ExitCodes.Ok : ExitCodes.VerificationFailed,
        cancellationToken);
}
