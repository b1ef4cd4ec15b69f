using SpamGuard;
using SpamGuard.Server;
using SpamGuard.Server.Health;

try
{
    if (CoreDumps.Forbid() is { } undone)
    {
        throw new StartRefusedException(undone);
    }

    if (args is [HealthProbe.Verb, .. var rest])
    {
        return await HealthProbe.RunAsync(rest, Console.Error);
    }

    await using var app = await SpamGuardServer.BuildAsync(WebApplication.CreateBuilder(args));
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFaults.TryDescribe(exception, out var faults))
{
    foreach (var fault in faults)
    {
        await Console.Error.WriteLineAsync(fault);
    }

    return 1;
}
