namespace SpamGuard.Server.Listeners;

/// <summary>Says, as metadata of an endpoint and as a feature of a connection, which listener it belongs to.</summary>
internal sealed record ServedOn(Listener Listener);
