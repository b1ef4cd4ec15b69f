using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SpamGuard.Cli.Doctor;

namespace SpamGuard.Tests.Cli;

public sealed class CertificateCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-10, 90, "Ok", "90.0 days left, until 2027-02-24T12:00:00Z")]
    [InlineData(-80, 10, "Warn", "10.0 days left, until 2026-12-06T12:00:00Z")]
    [InlineData(-.1, .9, "Ok", "0.9 days left, until 2026-11-27T09:36:00Z")]
    [InlineData(-.7, .3, "Warn", "0.3 days left, until 2026-11-26T19:12:00Z")]
    [InlineData(-10, -1, "Fail", "expired at 2026-11-25T12:00:00Z")]
    [InlineData(1, 10, "Fail", "not valid before 2026-11-27T12:00:00Z")]
    public void Of_ALife_IsJudgedByWhatIsLeftOfIt(double from, double to, string state, string found)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(from), Now.AddDays(to));

        Assert.Equal((state, found), (CertificateCheck.Of(certificate, Now).State.ToString(), CertificateCheck.Of(certificate, Now).Found));
    }
}
