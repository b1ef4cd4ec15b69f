using System.Text;
using SpamGuard.Policies;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>The file of callers and the file of who is denied: what they say, and every fault by its line, all at once.</summary>
public sealed class CallerFileTests
{
    private const string Identities = "whole URIs such as spiffe://example.org/web, and DNS names without wildcards";
    private const string Whole = "a mapping callers: {NAME: {identities: [...], roles: [...]}}";

    [Fact]
    public void Read_GoodFile_GivesItsCallers()
    {
        var callers = Read("""
            callers:
              forms:
                identities: [spiffe://example.org/forms, Forms.Example.org]
                roles: [scorer, reporter]
                purposes: [sign_up]
                quotas:
                  score: {per_second: 50, burst: 100}
                  report: {per_second: 2.5}
              desk: {identities: [desk.example.org], roles: [privacy], quotas: {subject: {per_second: 0.1, burst: 5}}}
            """);

        Assert.Equal(["forms", "desk"], callers.Select(caller => caller.Name));
        Assert.Equal(["spiffe://example.org/forms", "forms.example.org"], callers[0].Identities);
        Assert.Equal(CallerRoles.Scorer | CallerRoles.Reporter, callers[0].Roles);
        Assert.Equal([EventKind.SignUp], callers[0].Purposes);
        Assert.Equal(EventKinds.All, callers[1].Purposes);
        Assert.Equal(new Dictionary<QuotaClass, Quota> { [QuotaClass.Score] = new(50, 100), [QuotaClass.Report] = new(2.5, 3), [QuotaClass.Subject] = new(1, 60) }, callers[0].Quotas);
        Assert.Equal(new Dictionary<QuotaClass, Quota> { [QuotaClass.Subject] = new(.1, 5) }, callers[1].Quotas);
    }

    [Theory]
    [InlineData("", "found nothing; allowed is " + Whole + ".")]
    [InlineData("[]", "line 1: found an empty list; allowed is a mapping with callers.")]
    [InlineData("{}", "line 1: found no callers; allowed is " + Whole + ".")]
    [InlineData("callers: {}", "line 1: found no callers; allowed is " + Whole + ".")]
    [InlineData("clients: {}", "line 1: clients: is no such key; allowed are callers.")]
    [InlineData("callers: {a b: {identities: [x.example.org], roles: [legal]}}", "line 1: callers.a b: is no such key; allowed are names of 1 to 128 characters of ASCII, without spaces and ~.")]
    [InlineData("callers: {a: &x {identities: [x.example.org], roles: [legal]}}", "line 1: callers.a: found an anchor (&); allowed is a mapping with identities, roles, purposes, quotas.")]
    [InlineData("callers: {a: {roles: [legal]}}", "line 1: callers.a.identities: found nothing; allowed are lists of " + Identities + ".")]
    [InlineData("callers: {a: {identities: [x.example.org]}}", "line 1: callers.a.roles: found nothing; allowed are lists of scorer, reporter, operator, privacy, legal.")]
    [InlineData("callers: {a: {identities: ['*.example.org'], roles: [legal]}}", "line 1: callers.a.identities: found '[13 characters]'; allowed are " + Identities + ".")]
    [InlineData("callers: {a: {identities: ['spiffe://example.org/*'], roles: [legal]}}", "line 1: callers.a.identities: found '[22 characters]'; allowed are " + Identities + ".")]
    [InlineData("callers: {a: {identities: [192.0.2.1], roles: [legal]}}", "line 1: callers.a.identities: found '[9 characters]'; allowed are " + Identities + ".")]
    [InlineData("callers: {a: {identities: [my_web.example.org], roles: [legal]}}", "line 1: callers.a.identities: found 'my_web.example.org'; allowed are " + Identities + ".")]
    [InlineData("callers: {a: {identities: ['file:///web'], roles: [legal]}}", "line 1: callers.a.identities: found '[11 characters]'; allowed are " + Identities + ".")]
    [InlineData("callers: {a: {identities: x.example.org, roles: [legal]}}", "line 1: callers.a.identities: found 'x.example.org'; allowed are lists of " + Identities + ".")]
    [InlineData("callers: {a: {identities: [x.example.org], roles: [legal], purposes: [mail]}}", "line 1: callers.a.purposes: found 'mail'; allowed are sign_up, message.")]
    [InlineData("callers: {a: {identities: [x.example.org], roles: [legal], quotas: {scores: {}}}}", "line 1: callers.a.quotas.scores: is no such key; allowed are score, preview, report, subject.")]
    [InlineData("callers: {a: {identities: [x.example.org], roles: [legal], quotas: {score: {}}}}", "line 1: callers.a.quotas.score.per_second: found nothing; allowed are numbers from 0.001 to 100000.")]
    [InlineData("callers: {a: {identities: [x.example.org], roles: [legal], quotas: {score: {per_second: 0}}}}", "line 1: callers.a.quotas.score.per_second: found '0'; allowed are numbers from 0.001 to 100000.")]
    [InlineData("callers: {a: {identities: [x.example.org], roles: [legal], quotas: {score: {per_second: 1, burst: 1.5}}}}", "line 1: callers.a.quotas.score.burst: found '1.5'; allowed are whole numbers from 1 to 1000000.")]
    public void Read_OneFault_IsToldByLineAndKey(string text, string fault) => Assert.Equal([fault], Faults(text));

    [Fact]
    public void Read_ManyFaults_AreAllTold() => Assert.Equal(
        [
            "line 3: callers.a.roles: found 'admin'; allowed are scorer, reporter, operator, privacy, legal.",
            "line 4: callers.a.role: is no such key; allowed are identities, roles, purposes, quotas.",
            "line 5: callers.a: found a second time, after line 2; allowed is once.",
            "line 7: callers.b.identities: found an identity a second time, after line 2; allowed is once in the file.",
        ],
        Faults("""
            callers:
              a: {identities: [x.example.org],
                roles: [admin],
                role: scorer}
              a: {}
              b:
                identities: [X.Example.org.]
                roles: [legal]
            """));

    [Fact]
    public void Denied_GoodFile_HasSerialsAndNamesInAnyForm()
    {
        var denied = DenyList.Read(Encoding.UTF8.GetBytes("# lost\nserial 00:aB:01 # a laptop\r\n\n  san   Web.example.org\nsan spiffe://example.org/Web\nsan spiffe://example.org/web#1\nsan Dot.Example.org.\n\tsan\tSPIFFE://Example.org/desk \u00A0\n"), out var faults);

        Assert.Empty(faults);
        Assert.Equal(6, denied.Count);
        Assert.True(denied.Has(DenyList.Serial("00AB01")));
        Assert.False(denied.Has(DenyList.Serial("AB0100")));
        Assert.True(denied.HasAnyOf(["x.example.org", "web.example.org"]));
        Assert.True(denied.HasAnyOf(["spiffe://example.org/Web"]));
        Assert.True(denied.HasAnyOf(["spiffe://example.org/web#1"]));
        Assert.True(denied.HasAnyOf(["dot.example.org"]));
        Assert.True(denied.HasAnyOf(["spiffe://example.org/desk"]));
        Assert.False(denied.HasAnyOf(["spiffe://example.org/web"]));
    }

    [Fact]
    public void Denied_Faults_AreAllToldByLine()
    {
        const string Allowed = "allowed are lines of serial HEX, or of san and a whole URI or DNS name, and comments behind #.";
        DenyList.Read(Encoding.UTF8.GetBytes("serial\nserial XYZ\nserial 01\nsan *.example.org\ndeny everybody\nsan web.example.org..\nsan web:443\nSAN web.example.org\n"), out var faults);

        Assert.Equal(
            [
                $"line 1: found 'serial'; {Allowed}",
                $"line 2: found 'serial XYZ'; {Allowed}",
                $"line 4: found '[17 characters]'; {Allowed}",
                $"line 5: found 'deny everybody'; {Allowed}",
                $"line 6: found '[21 characters]'; {Allowed}",
                $"line 7: found '[11 characters]'; {Allowed}",
                $"line 8: found 'SAN web.example.org'; {Allowed}",
            ],
            faults.Select(fault => fault.ToString()));
    }

    private static IReadOnlyList<CallerEntry> Read(string text)
    {
        var callers = CallerFile.Read(Encoding.UTF8.GetBytes(text), out var faults);
        Assert.Empty(faults);
        return callers;
    }

    private static IEnumerable<string> Faults(string text)
    {
        Assert.Empty(CallerFile.Read(Encoding.UTF8.GetBytes(text), out var faults));
        return faults.Select(fault => fault.ToString());
    }
}
