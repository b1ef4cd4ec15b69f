using Google.Protobuf.WellKnownTypes;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>Who set an override is told by every name that the caller's certificate is known by.</summary>
public sealed class OverrideOperatorTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    [Fact]
    public async Task List_SetByACertificateWithSeveralNames_HasAllThatTheFileOfCallersHas()
    {
        var caller = CallerServerFixture.Roles("operator");
        using var channel = server.With(server.Mounted.Client($"{caller}.example.org", "unlisted.example.org", CallerServerFixture.Uri(caller)));
        var overrides = new OverrideService.OverrideServiceClient(channel);

        var set = await overrides
            .SetAsync(new OverrideServiceSetRequest { Address = "81.90.0.1", Verdict = Verdict.Deny, Reason = "a reason", Ttl = new Duration { Seconds = 60 } })
            .ResponseAsync.DefaultTimeout();
        var listed = (await overrides.ListAsync(new OverrideServiceListRequest()).ResponseAsync.DefaultTimeout()).Overrides.Single(one => one.Id == set.Id);

        Assert.Equal((caller, $"{caller}.example.org {CallerServerFixture.Uri(caller)}"), (listed.Operator, listed.OperatorIdentity));
    }
}
