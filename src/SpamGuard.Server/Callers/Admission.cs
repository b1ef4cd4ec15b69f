using System.Diagnostics.CodeAnalysis;

namespace SpamGuard.Server.Callers;

/// <summary>Who somebody is, or why that is not known.</summary>
internal sealed class Admission
{
    private Admission(Caller? caller, Refusal refusal) => (Caller, Refusal) = (caller, refusal);

    /// <summary>Who calls; <c>null</c> where <see cref="Refusal"/> says why not.</summary>
    public Caller? Caller { get; }

    /// <summary>Why there is no caller.</summary>
    public Refusal Refusal { get; }

    /// <summary>Somebody known.</summary>
    public static Admission Of(Caller caller) => new(caller, default);

    /// <summary>Nobody known.</summary>
    public static Admission Refused(Refusal refusal) => new(null, refusal);

    /// <summary>Whether somebody is known.</summary>
    public bool IsGranted([NotNullWhen(true)] out Caller? caller)
    {
        caller = Caller;
        return caller is not null;
    }
}
