namespace SpamGuard.Server.Callers.Peers;

/// <summary>Whoever connects where callers are not told apart: on loopback, in development.</summary>
internal sealed class DevelopmentPeer : Peer
{
    /// <summary>The only one.</summary>
    public static readonly DevelopmentPeer Instance = new();

    private static readonly Admission Everybody = Admission.Of(Caller.Development, Caller.Development.Name);

    /// <inheritdoc/>
    public override Admission Admit(IHeaderDictionary headers) => Everybody;
}
