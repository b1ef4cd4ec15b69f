using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>A script call that replicas are waited for, over the desk's connection.</summary>
internal static class AcknowledgedCall
{
    /// <summary>How long replicas may take, in milliseconds: the connection does nothing else meanwhile, and the driver gives up after a second.</summary>
    public const int WaitMilliseconds = 500;

    /// <summary>Runs a script on the master of its keys. Throws what the driver throws.</summary>
    /// <param name="connection">The desk's.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys, in a cluster all of one slot.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="replicas">How many replicas are waited for; 0 asks none.</param>
    /// <returns>What the script answered, and how many replicas have done the same.</returns>
    public static async Task<(RedisResult Answer, int Replicas)> EvalAsync(
        this RedisConnection connection, Script script, RedisKey[] keys, object[] arguments, int replicas)
    {
        // WAIT knows of no other writes than those of its own connection. Should it have been lost and found again in between, its number is another.
        var master = connection.Master(keys[0]);
        var before = replicas == 0 ? 0 : await ConnectionIdAsync(master);
        object[] call = [script.Text, keys.Length, .. keys, .. arguments];
        var answer = await master.ExecuteAsync("EVAL", call, CommandFlags.NoRedirect);
        if (replicas == 0)
        {
            return (answer, 0);
        }

        var acknowledging = (int)await master.ExecuteAsync(RedisConnection.Wait, [replicas, WaitMilliseconds], CommandFlags.NoRedirect);
        return (answer, await ConnectionIdAsync(master) == before ? acknowledging : 0);
    }

    private static async Task<long> ConnectionIdAsync(IServer server) => (long)await server.ExecuteAsync("CLIENT", ["ID"], CommandFlags.NoRedirect);
}
