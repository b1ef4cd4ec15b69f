using SpamGuard;
using SpamGuard.Cli;

var terminal = Terminal.OfProcess();
if (CoreDumps.Forbid() is { } undone)
{
    terminal.Say(undone);
    return ExitCodes.Failure;
}

return await CommandLine.RunAsync(args, terminal, CancellationToken.None);
