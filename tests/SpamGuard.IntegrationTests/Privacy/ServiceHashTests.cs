using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>A replay hashes by something fast that hides nothing; a service must not come to.</summary>
public sealed class ServiceHashTests
{
    [Fact]
    public async Task Registration_OfTheService_MakesTokensByHmacSha256()
    {
        byte[] pepper = [.. Enumerable.Range(0, PepperRing.PepperSize).Select(i => (byte)i)];
        var store = new InProcessSignalStore(new VirtualClock());
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ISignalStore>(store)
            .AddSingleton(new PepperRing([.. pepper]))
            .AddSpamGuard(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        var keeper = services.GetRequiredService<EpochKeeper>();
        await keeper.RefreshAsync(0, default);
        var epoch = keeper.Live(0)!.Current(RetentionClass.Address);
        var salt = (await store.EpochAsync(epoch.Id, candidate: null, deadline: 1, default))!.Salt;

        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. pepper, .. salt], 32, info: "subject-token v1"u8.ToArray());
        var expected = HMACSHA256.HashData(key.AsSpan(), (ReadOnlySpan<byte>)[(byte)'a', 4, 4, 198, 18, 7, 9]);

        Assert.True(ClientAddress.TryParse("198.18.7.9", out var address));
        Assert.Equal(new SubjectToken(expected), epoch.Hasher.Key(SubjectKind.Address, address).Token);
    }
}
