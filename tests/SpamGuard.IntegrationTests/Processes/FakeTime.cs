using System.Globalization;
using SpamGuard.Testing;
using Xunit.Sdk;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>A process whose clock is wrong: libfaketime, which is preloaded, moves what the system says. Timers go on as they are.</summary>
internal static class FakeTime
{
    private const int MostAttempts = 3;

    // Of the client of Redis: under the library a wait for a lock, which has a limit of seconds, may be over before it has begun.
    private const string EndedWait = "Unable to acquire writer lock";
    private const string Packages = "Debian's package faketime (tests/run installs it)";

    /// <summary>Starts a server whose clock is off by so much, and waits until it is ready.</summary>
    public static async Task<ServerProcess> ReadyAsync(RedisFixture redis, string pepperPath, TimeSpan offset)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ServerProcess.ReadyAsync(redis, pepperPath, variables: By(offset));
            }
            catch (TrueException e) when (attempt < MostAttempts && e.Message.Contains(EndedWait, StringComparison.Ordinal))
            {
                // again
            }
        }
    }

    /// <summary>The variables under which a process' clock is off by so much.</summary>
    public static (string Name, string Value)[] By(TimeSpan offset) =>
    [
        ("LD_PRELOAD", Library()),
        ("FAKETIME", string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.TotalSeconds)}")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("NO_FAKE_STAT", "1"),
    ];

    private static string Library()
    {
        var found = Directory.Exists("/usr/lib")
            ? Directory.EnumerateDirectories("/usr/lib").Prepend("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            : null;
        Assert.True(found is not null, $"libfaketimeMT.so.1 is not on this machine, so no process' clock can be wrong here; install {Packages}.");
        return found;
    }
}
