namespace SpamGuard.IntegrationTests.Promise;

/// <summary>The walks of the promise's tests, all at once from when the first is asked for: each waits for most of its time, and the program itself makes as many at a time.</summary>
public sealed class PromiseWalks
{
    private readonly Lazy<Task<(int ExitCode, string Output, string Error)>[]> _walks = new(static () =>
    [
        PromiseProgram.RunAsync(path: null, "--json"),
        PromiseProgram.RunAsync(path: null, ["--sabotage", "all", "--json", .. IsLong ? (string[])["--whole"] : []]),
        PromiseProgram.RunAsync(path: null, "--sabotage", "ten-years"),
    ]);

    /// <summary>Whether <c>tests/run --long</c> runs this.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("SPAMGUARD_PROMISE") is "whole";

    /// <summary>A walk of what is deployed, to the end of every clause.</summary>
    public Task<(int ExitCode, string Output, string Error)> Whole => _walks.Value[0];

    /// <summary>Walks under every sabotage.</summary>
    public Task<(int ExitCode, string Output, string Error)> Sabotaged => _walks.Value[1];

    /// <summary>A walk under one.</summary>
    public Task<(int ExitCode, string Output, string Error)> Broken => _walks.Value[2];
}
