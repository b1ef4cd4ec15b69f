namespace SpamGuard.Testing;

/// <summary>
/// Waits for what another process does and nobody announces (a reconnect, a cluster that settles). Put
/// <see cref="Deadline.DefaultTimeout(Task, string, int)"/> around it.
/// </summary>
public static class Poll
{
    private const double Growth = 1.1; // who has waited for a second need not ask fifty times in the next
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var interval = Shortest; !await condition(); interval = interval * Growth < Longest ? interval * Growth : Longest)
        {
            await Task.Delay(interval, TimeProvider.System);
        }
    }
}
