using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

public sealed partial class ScriptsTests
{
    private static readonly Script[] All =
    [
        Scripts.InService.Observe, Scripts.InService.Report, Scripts.InService.Epoch, Scripts.InService.Add, Scripts.InService.Erase,
        Scripts.InService.Override, Scripts.InService.OverrideIds,
    ];

    [Fact]
    public void Scripts_Each_ReadsTheClockInOneLine() =>
        Assert.All(All, script => Assert.Equal(2, script.Text.Split(Scripts.ClockLine).Length));

    [Fact]
    public void Scripts_Each_UsesNoBitLibraryAndWritesWithAnExpiryOnly() => Assert.All(All, script =>
    {
        Assert.DoesNotContain("bit.", Comment().Replace(script.Text, string.Empty), StringComparison.Ordinal);
        Assert.Equal(2, script.Text.Split("PSETEX").Length);
        Assert.DoesNotContain("'SET'", script.Text, StringComparison.Ordinal);
    });

    [Fact]
    public void Keys_EveryKind_HasItsCapInTheScripts() => Assert.All(
        Keys.Kinds,
        kind => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"'{kind.Letter}'"), Scripts.InService.Observe.Text, StringComparison.Ordinal));

    [Fact]
    public void OverrideIds_MostThereMayBe_IsTheSameInTheScript() =>
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"= '\\1', {OverrideIds.IdSize}, {OverrideIds.EntrySize}, {OverrideIds.Most}\n"), Scripts.InService.OverrideIds.Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("123456789", 12739)]
    [InlineData("sg:a:{123456789}", 12739)]
    [InlineData("sg:q:{123456789}:abc", 12739)]
    [InlineData("{}123456789", 1951)]
    public void ClusterSlot_KnownKeys_LieWhereTheServerPutsThem(string key, int slot) =>
        Assert.Equal(slot, ClusterSlot.Of(Encoding.ASCII.GetBytes(key)));

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();
}
