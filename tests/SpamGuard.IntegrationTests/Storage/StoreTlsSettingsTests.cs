using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>Every fault of the settings for TLS stops the start with one line that names its key.</summary>
public sealed class StoreTlsSettingsTests : IDisposable
{
    private const string Ca = "Signals:Tls:CaPath";
    private const string Certificate = "Signals:Tls:CertificatePath";
    private const string Key = "Signals:Tls:KeyPath";

    private readonly TestAuthority _authority = new();
    private readonly TestCertificate _client;

    public StoreTlsSettingsTests() => _client = _authority.Client(["spamguard"], "client");

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Validate_GoodFiles_IsNoFault() => Assert.Empty(Faults(Good()));

    [Fact]
    public void Validate_AuthoritiesAlone_IsNoFault() => Assert.Empty(Faults(new StoreTlsOptions { CaPath = _authority.CaPath }));

    [Fact]
    public void Connection_CertificateNamesAPlaceForItsIssuer_IsNotFetchedFrom()
    {
        var options = new SignalStoreOptions { ConnectionString = "127.0.0.1:1", Tls = Good() };

        var authentication = RedisConnection.Configuration(options).SslClientAuthenticationOptions!("127.0.0.1");

        Assert.True(authentication.CertificateChainPolicy!.DisableCertificateDownloads);
    }

    [Fact]
    public void Validate_FilesThatAreNotThere_AreAllNamed() => Assert.Equal(
        [
            $"{Ca}: found '/nowhere/ca', a file that can't be read (DirectoryNotFoundException); allowed is the path of a PEM file with one certificate or more.",
            $"{Certificate}: found '/nowhere/crt', a file that can't be read (DirectoryNotFoundException); allowed is the path of a PEM file with a certificate.",
            $"{Key}: found '/nowhere/key', a file that can't be read (DirectoryNotFoundException); allowed is the path of a PEM file with its private key, without a password.",
        ],
        Faults(new StoreTlsOptions { CaPath = "/nowhere/ca", CertificatePath = "/nowhere/crt", KeyPath = "/nowhere/key" }));

    [Fact]
    public void Validate_FilesOfSomethingElse_AreAllNamed()
    {
        var faults = Faults(new StoreTlsOptions { CaPath = _client.KeyPath, CertificatePath = _client.CertificatePath, KeyPath = _client.CertificatePath });

        Assert.Equal(
            [
                $"{Ca}: found '{_client.KeyPath}', a file without a certificate that can be read; allowed is the path of a PEM file with one certificate or more.",
                $"{Key}: found '{_client.CertificatePath}', a file without a private key; allowed is the path of a PEM file with its private key, without a password.",
            ],
            faults);
    }

    [Fact]
    public void Validate_KeyOfAnotherCertificate_IsNamed()
    {
        var other = _authority.Client(["other"], "other");

        Assert.Equal(
            [$"{Key}: found '{other.KeyPath}', a key that can't be read or is not that of {Certificate}; allowed is the path of a PEM file with its private key, without a password."],
            Faults(new StoreTlsOptions { CertificatePath = _client.CertificatePath, KeyPath = other.KeyPath }));
    }

    [Fact]
    public void Validate_OneOfTheTwoAlone_NamesTheOther()
    {
        Assert.StartsWith($"{Key}: found nothing, and {Certificate} is set;", Assert.Single(Faults(new StoreTlsOptions { CertificatePath = _client.CertificatePath })), StringComparison.Ordinal);
        Assert.StartsWith($"{Certificate}: found nothing, and {Key} is set;", Assert.Single(Faults(new StoreTlsOptions { KeyPath = _client.KeyPath })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis:6379,ssl=false", true)]
    [InlineData("redis:6379, SSL=False,user=scorer", true)]
    [InlineData("redis:6379,ssl=true", false)]
    [InlineData("redis:6379", false)]
    public void Validate_ConnectionStringThatDeniesTls_IsNamed(string connectionString, bool denied) => Assert.Equal(
        denied ? ["ConnectionStrings:Signals says ssl=false but Signals:Tls is set; allowed is ssl=true, or to leave it out."] : [],
        Faults(Good(), connectionString));

    private StoreTlsOptions Good() => new() { CaPath = _authority.CaPath, CertificatePath = _client.CertificatePath, KeyPath = _client.KeyPath };

    private static IReadOnlyList<string> Faults(StoreTlsOptions tls, string connectionString = "redis:6379") =>
        [.. new SignalStoreOptionsRules().Validate(name: null, new SignalStoreOptions { ConnectionString = connectionString, Tls = tls }).Failures ?? []];
}
