using System.Globalization;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Promise.World;

/// <summary>Waits until the process that scores uses the salts that the store holds.</summary>
internal static class Agreement
{
    private const int LastByte = 250;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Scores new addresses until one can be recognised by the store's salts.</summary>
    /// <param name="world">What runs.</param>
    /// <param name="region">The first two bytes of the addresses, of a region that no other clause uses.</param>
    /// <exception cref="TimeoutException">It does not come to it.</exception>
    public static Task UntilAsync(RunningWorld world, string region)
    {
        var tries = 0;
        return Poll.UntilAsync(async () =>
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"{region}.{tries / LastByte}.{tries++ % LastByte}");
            await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(address), RequestId = Traffic.NewRequestId() });
            return (await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, address)).Any(static key => key.StartsWith("sg:a:", StringComparison.Ordinal));
        }).TimeoutAfter(Limit);
    }
}
