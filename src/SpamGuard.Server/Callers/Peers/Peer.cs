namespace SpamGuard.Server.Callers.Peers;

/// <summary>What is at the other end of a connection: a feature of the connection, that says who makes each of its calls.</summary>
internal abstract class Peer
{
    /// <summary>Who makes a call, by what is in force now.</summary>
    /// <param name="headers">The headers of the call. Only behind a sidecar do they say anything.</param>
    public abstract Admission Admit(IHeaderDictionary headers);
}
