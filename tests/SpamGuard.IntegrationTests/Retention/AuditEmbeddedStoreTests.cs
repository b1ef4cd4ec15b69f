using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SpamGuard.Desk.Audit;
using SpamGuard.IntegrationTests.Documents;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>The embedded store is walked as Redis is. It tells hardly a setting, and that is never taken for right.</summary>
[Collection(nameof(GarnetCollection))]
public sealed class AuditEmbeddedStoreTests(GarnetFixture garnet, EverythingOnFixture server) : IClassFixture<EverythingOnFixture>
{
    [Fact]
    public async Task Pass_KeyWithoutATtl_IsDeletedAndSettingsAreUnknown()
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync(garnet.ConnectionString).DefaultTimeout();
        await admin.GetDatabase().StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        await admin.GetDatabase().StringSetAsync("sg:a:{lawful}", "1", TimeSpan.FromDays(6)).DefaultTimeout();
        await using var auditor = await AuditorUnderTest.OpenAsync(garnet.ConnectionString);

        var report = await auditor.RunAsync().DefaultTimeout();

        Assert.Equal((AuditOutcome.Violation, 1L, 1L), (report.Outcome, report.Found(KeyFault.WithoutTtl), report.Deleted(KeyFault.WithoutTtl)));
        Assert.False(await admin.GetDatabase().KeyExistsAsync("sg:a:{forever}").DefaultTimeout());
        Assert.True(await admin.GetDatabase().KeyExistsAsync("sg:a:{lawful}").DefaultTimeout());
        Assert.Contains(report.Settings, static finding => finding.State == SettingState.Unknown);
        Assert.Equal(SettingState.Unknown, report.Settings.Single(static finding => finding.Setting == StoreSettings.Clock).State);
        Assert.Equal(SettingState.Unknown, report.Settings.Single(static finding => finding.Setting == StoreSettings.Persistence).State);
    }

    [Fact]
    public void Server_ThatIsTheDeskAndAudits_StartsEveryConnection() =>
        Assert.Equal(3, server.Services.GetServices<IHostedService>().OfType<RedisConnection>().Distinct().Count());

    [Fact]
    public async Task Server_ThatAudits_AuditsSoonAfterItsStart() => await Poll.UntilAsync(async () =>
        (await server.MetricsAsync()).Contains("spamguard_audit_passes_total{outcome=\"violation\"} 1", StringComparison.Ordinal)).DefaultTimeout();
}
