using System.Globalization;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>A process whose clock is wrong: libfaketime, which is preloaded, moves what the system says. Timers go on as they are.</summary>
internal static class FakeTime
{
    private const string Packages = "Debian's package faketime (tests/run installs it)";

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
