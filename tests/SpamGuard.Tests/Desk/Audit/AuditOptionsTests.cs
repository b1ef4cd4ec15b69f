using SpamGuard.Desk.Audit;

namespace SpamGuard.Tests.Desk.Audit;

public sealed class AuditOptionsTests
{
    [Fact]
    public void Defaults_AreOffTenMinutesAndTwentyThousandKeysASecond()
    {
        var options = new AuditOptions();

        Assert.Equal((false, TimeSpan.FromMinutes(10), 20_000), (options.Enabled, options.Period, options.KeysPerSecond));
        Assert.True(new AuditOptionsRules().Validate(name: null, options).Succeeded);
    }

    [Fact]
    public void Validate_EveryFault_IsNamedAtOnceWithoutTheConnectionString()
    {
        var options = new AuditOptions { Enabled = true, Period = TimeSpan.FromSeconds(9), KeysPerSecond = 99, ConnectionString = "localhost,nonsense=never-shown" };

        var faults = new AuditOptionsRules().Validate(name: null, options).Failures!.ToList();

        Assert.Equal(
            [
                "Audit:Period: found 00:00:09; allowed are 00:00:10 to 1.00:00:00.",
                "Audit:KeysPerSecond: found 99; allowed are 100 to 1000000.",
                "ConnectionStrings:Auditor: can't be read (ArgumentException; the value is withheld); allowed is host:port[,host:port...][,user=...][,password=...], the user being the auditor's.",
            ],
            faults);
    }

    [Fact]
    public void Validate_EnabledWithoutAConnection_IsRefusedAndDisabledIsNot()
    {
        Assert.StartsWith("ConnectionStrings:Auditor: found nothing, and Audit:Enabled is true; allowed is ", Assert.Single(new AuditOptionsRules().Validate(name: null, new AuditOptions { Enabled = true }).Failures!), StringComparison.Ordinal);
        Assert.True(new AuditOptionsRules().Validate(name: null, new AuditOptions { KeysPerSecond = 1_000_000, Period = TimeSpan.FromDays(1) }).Succeeded);
    }

    [Theory]
    [InlineData(true, false, "")]
    [InlineData(false, false, "Audit:Only: found true, and Audit:Enabled is not; allowed is false, or true in a process that audits and is no desk.")]
    [InlineData(true, true, "Audit:Only: found true, and Desk:Enabled is true; allowed is false, or true in a process that audits and is no desk.")]
    public void Validate_Only_IsOfAProcessThatAuditsAndIsNoDesk(bool enabled, bool isDesk, string fault)
    {
        var options = new AuditOptions { Enabled = enabled, Only = true, IsOfADesk = isDesk, ConnectionString = "localhost" };

        Assert.Equal(fault, string.Concat(new AuditOptionsRules().Validate(name: null, options).Failures ?? []));
    }
}
