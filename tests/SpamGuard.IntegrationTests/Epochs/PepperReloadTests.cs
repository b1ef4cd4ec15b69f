using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Epochs;

/// <summary>A running server whose live epochs come to name a pepper that it does not have, until its volume brings it.</summary>
public sealed class PepperReloadTests(PepperReloadTests.Fixture server) : IClassFixture<PepperReloadTests.Fixture>
{
    [Fact]
    public async Task Server_WhoseLiveEpochsNameAMissingPepper_IsNotReadyUntilItsFileArrives()
    {
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
        var store = server.Services.GetRequiredService<ISignalStore>();
        var (calendar, clock) = (server.Services.GetRequiredService<EpochCalendar>(), server.Services.GetRequiredService<StoreClock>());
        foreach (var retention in RetentionClass.Salted)
        {
            var epoch = calendar.At(retention, clock.Now);
            var rolled = new EpochRecord(2, PepperRing.Name(Fixture.New), RandomNumberGenerator.GetBytes(EpochRecord.SaltSize));
            await store.EpochAsync(epoch, rolled, calendar.End(epoch), default).DefaultTimeout();
        }

        await Poll.UntilAsync(async () => await ReadyAsync() == HttpStatusCode.ServiceUnavailable).DefaultTimeout();
        Assert.Contains("spamguard_pepper_missing 2\n", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal(1, server.Logs.Logs.Count(log => log.Event.Id == EventIds.PepperMissing));

        server.Mount("..2026_2", both: true);
        await Poll.UntilAsync(async () => await ReadyAsync() == HttpStatusCode.OK).DefaultTimeout();

        Assert.Contains("spamguard_pepper_missing 0\n", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("spamguard_peppers_loaded 2\n", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal(1, server.Logs.Logs.Count(log => log.Event.Id == EventIds.PeppersApplied));
        foreach (var pepper in new[] { Fixture.Old, Fixture.New })
        {
            Assert.DoesNotContain(Convert.ToHexString(pepper)[..12], server.Logs.AllText, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(pepper)[..12], server.Logs.AllText, StringComparison.Ordinal);
        }
    }

    private async Task<HttpStatusCode> ReadyAsync()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.Url(Listener.Health) + "/readyz")).DefaultTimeout();
        return answer.StatusCode;
    }

    public sealed class Fixture : ServerFixture
    {
        private readonly string _volume = Directory.CreateTempSubdirectory("peppers").FullName;

        public static byte[] Old { get; } = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);

        public static byte[] New { get; } = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_volume, recursive: true);
        }

        internal void Mount(string target, bool both)
        {
            Directory.CreateDirectory(Path.Combine(_volume, target));
            File.WriteAllText(Path.Combine(_volume, target, "2026-08-26.pepper"), Convert.ToHexString(Old));
            if (both)
            {
                File.WriteAllBytes(Path.Combine(_volume, target, "2026-11-26.pepper"), New);
                File.CreateSymbolicLink(Path.Combine(_volume, "2026-11-26.pepper"), "..data/2026-11-26.pepper");
            }

            ProjectedVolume.Turn(_volume, target);
        }

        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
        {
            Mount("..2026_1", both: false);
            File.CreateSymbolicLink(Path.Combine(_volume, "2026-08-26.pepper"), "..data/2026-08-26.pepper");
            return Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Pepper:Path"] = _volume });
        }
    }
}
