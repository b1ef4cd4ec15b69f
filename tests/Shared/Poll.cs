namespace SpamGuard.Testing;

/// <summary>
/// Waits for what another process does and nobody announces (a reconnect, a cluster that settles). Put
/// <see cref="Deadline.DefaultTimeout(Task, string, int)"/> around it.
/// </summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
