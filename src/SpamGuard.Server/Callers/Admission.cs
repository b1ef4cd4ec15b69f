using System.Diagnostics.CodeAnalysis;

namespace SpamGuard.Server.Callers;

/// <summary>Who somebody is, or why that is not known.</summary>
internal sealed class Admission
{
    private Admission(Caller? caller, Refusal refusal, string identity, string key) =>
        (Caller, Refusal, Identity, Key) = (caller, refusal, identity, key);

    /// <summary>Who calls; <c>null</c> where <see cref="Refusal"/> says why not.</summary>
    public Caller? Caller { get; }

    /// <summary>Why there is no caller.</summary>
    public Refusal Refusal { get; }

    /// <summary>By which names it is known, as in <see cref="Desk.Ledger.LedgerActor.Identity"/>; empty where there is no caller.</summary>
    public string Identity { get; }

    /// <summary>SHA-256 of its certificate's public key in hex; empty where that is not known.</summary>
    public string Key { get; }

    /// <summary>Somebody known.</summary>
    public static Admission Of(Caller caller, string identity) => new(caller, default, identity, key: "");

    /// <summary>The same, where the key of its certificate is known.</summary>
    public Admission With(string key) => new(Caller, Refusal, Identity, key);

    /// <summary>Nobody known.</summary>
    public static Admission Refused(Refusal refusal) => new(null, refusal, identity: "", key: "");

    /// <summary>Whether somebody is known.</summary>
    public bool IsGranted([NotNullWhen(true)] out Caller? caller)
    {
        caller = Caller;
        return caller is not null;
    }
}
