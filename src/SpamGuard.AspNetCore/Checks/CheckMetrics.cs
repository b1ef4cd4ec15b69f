using System.Diagnostics.Metrics;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>The instruments of the meter <see cref="SpamGuardChecksOptions.MeterName"/>. No tag holds anything of a request but the kind of event.</summary>
internal sealed class CheckMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _checks;
    private readonly Counter<long> _proofs;
    private readonly Counter<long> _addresses;

    /// <summary>Makes them.</summary>
    /// <param name="factory">The application's; <c>null</c> where it has none.</param>
    public CheckMetrics(IMeterFactory? factory = null)
    {
        var options = new MeterOptions(SpamGuardChecksOptions.MeterName);
        _meter = factory?.Create(options) ?? new Meter(options);
        _checks = _meter.CreateCounter<long>("spamguard.aspnetcore.checks", "{request}", "Requests that were checked, by kind and outcome.");
        _proofs = _meter.CreateCounter<long>("spamguard.aspnetcore.proofs", "{request}", "Requests that came back from a challenge, by kind and outcome.");
        _addresses = _meter.CreateCounter<long>("spamguard.aspnetcore.suspect_addresses", "{request}", "Requests whose address is probably not the client's, by cause.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <param name="kind">What is accepted.</param>
    /// <param name="outcome"><c>passed</c>, <c>challenged</c>, <c>throttled</c>, <c>denied</c>, <c>repeated</c> or <c>fault</c>.</param>
    public void Checked(EventKind kind, string outcome) => _checks.Add(1, new("kind", Name(kind)), new("outcome", outcome));

    /// <param name="kind">What is accepted.</param>
    /// <param name="outcome"><c>held</c>, <c>failed</c>, <c>used</c> for one that was answered before, or <c>not_taken</c> for one that is none, too old or another's.</param>
    public void Proven(EventKind kind, string outcome) => _proofs.Add(1, new("kind", Name(kind)), new("outcome", outcome));

    /// <param name="cause"><c>many_clients</c>, <c>forwarded</c> or <c>missing</c>.</param>
    public void Suspected(string cause) => _addresses.Add(1, new KeyValuePair<string, object?>("cause", cause));

    private static string Name(EventKind kind) => kind == EventKind.SignUp ? "sign_up" : "message";
}
