namespace SpamGuard.Server.Callers.Peers;

/// <summary>A trusted sidecar on this machine, which has judged the client's certificate and says in a header whose it was.</summary>
internal sealed class SidecarPeer(LiveCallers live) : Peer
{
    /// <summary>The header, as Envoy writes it.</summary>
    public const string Header = "x-forwarded-client-cert";

    private static readonly Admission Nobody = Admission.Refused(Refusal.ForwardedIdentityMissing);

    // A sidecar's connection carries the calls of few clients: mostly of one.
    private volatile Known? _last;

    /// <inheritdoc/>
    public override Admission Admit(IHeaderDictionary headers)
    {
        // Several headers are one list, and of a list the last element is the sidecar's own: what is before it, others wrote.
        if (headers[Header] is not { Count: > 0 } values || values[^1] is not { } header)
        {
            return Nobody;
        }

        var (settings, last) = (live.Current, _last);
        if (last is null || !ReferenceEquals(last.Settings, settings) || !string.Equals(last.Header, header, StringComparison.Ordinal))
        {
            var admission = ForwardedCertificate.TryReadLast(header, out var identities) ? settings.Admit(identities) : Nobody;
            _last = last = new Known(header, settings, admission);
        }

        return last.Admission;
    }

    private sealed record Known(string Header, CallerSettings Settings, Admission Admission);
}
