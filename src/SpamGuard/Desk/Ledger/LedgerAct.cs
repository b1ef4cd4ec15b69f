using System.Text.Json;

namespace SpamGuard.Desk.Ledger;

/// <summary>What an entry is about. The names stand in ledgers: none is ever renamed or used for something else.</summary>
internal enum LedgerAct
{
    /// <summary>The first entry of a ledger, with the key that signs it.</summary>
    LedgerBegun,

    /// <summary>Another key signs from the next entry on.</summary>
    LedgerKeyChanged,

    /// <summary>The desk saw a policy in force.</summary>
    PolicyObserved,

    /// <summary>The desk saw peppers in use.</summary>
    PepperObserved,

    /// <summary>Epochs are begun anew in an emergency.</summary>
    EpochRoll,

    /// <summary>Somebody is told what is held on their address.</summary>
    SubjectInspect,

    /// <summary>What is held on an address is erased.</summary>
    SubjectErase,

    /// <summary>An operator decides about an address or a network for a while.</summary>
    OverrideSet,

    /// <summary>Such a decision is taken back.</summary>
    OverrideClear,

    /// <summary>A court order is entered.</summary>
    DisclosureOpen,

    /// <summary>A second person approves or rejects it.</summary>
    DisclosureDecide,

    /// <summary>What is held on the addresses that it names is given out.</summary>
    DisclosureExecute,

    /// <summary>A request was refused by the gate itself.</summary>
    DisclosureRefuse,
}

/// <summary>How phases and acts are written in a ledger.</summary>
internal static class LedgerNames
{
    private static readonly Dictionary<LedgerAct, string> Acts = Named<LedgerAct>();
    private static readonly Dictionary<LedgerPhase, string> Phases = Named<LedgerPhase>();

    /// <summary>The name of an act, such as <c>subject_erase</c>.</summary>
    public static string Of(LedgerAct act) => Acts[act];

    /// <summary>The name of a phase, such as <c>intent</c>.</summary>
    public static string Of(LedgerPhase phase) => Phases[phase];

    /// <summary>The act of a name; <c>null</c> where there is none.</summary>
    public static LedgerAct? Act(string? name) => Find(Acts, name);

    /// <summary>The phase of a name; <c>null</c> where there is none.</summary>
    public static LedgerPhase? Phase(string? name) => Find(Phases, name);

    private static Dictionary<T, string> Named<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static T? Find<T>(Dictionary<T, string> names, string? name)
        where T : struct, Enum
    {
        foreach (var (value, written) in names)
        {
            if (string.Equals(written, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
