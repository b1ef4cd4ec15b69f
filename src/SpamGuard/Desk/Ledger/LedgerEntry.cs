using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>An entry of the ledger. It holds no address and no token.</summary>
/// <param name="Seq">1 and on.</param>
/// <param name="Time">When it was entered, by the desk's clock, to the millisecond.</param>
/// <param name="Phase">Which half of an act it is.</param>
/// <param name="Act">What it is about.</param>
/// <param name="Intent">Of an outcome, the <see cref="Seq"/> of its intent.</param>
/// <param name="By">Whose doing it is; <c>null</c> for the desk's own.</param>
/// <param name="Data">What is said of it.</param>
internal sealed record LedgerEntry(long Seq, DateTimeOffset Time, LedgerPhase Phase, LedgerAct Act, long? Intent, LedgerActor? By, JsonObject Data)
{
    /// <summary>The member of an outcome's <see cref="Data"/> that says how it went.</summary>
    public const string ResultName = "result";

    /// <summary>It was done.</summary>
    public const string Done = "done";

    /// <summary>Nothing of it was done, and whoever asked was told.</summary>
    public const string Failed = "failed";

    /// <summary>It may be done, wholly or in part: the desk ended in the middle of it, or the store failed, and who asked was told.</summary>
    public const string Unknown = "unknown";

    /// <summary>The member of an outcome's <see cref="Data"/> that says whether as many replicas as must have done the same; not there where that is no question.</summary>
    public const string ConfirmedName = "confirmed";

    /// <summary>How an outcome went; <c>null</c> for other entries.</summary>
    public string? Result => Phase == LedgerPhase.Outcome ? Text(ResultName) : null;

    /// <summary>Whether it is the outcome of something that was done.</summary>
    public bool IsDone => string.Equals(Result, Done, StringComparison.Ordinal);

    /// <summary>Whether it is the outcome of something that was done, but that a fail-over of the store could undo: who asked was told to repeat it.</summary>
    public bool IsUnconfirmed => IsDone && Data[ConfirmedName] is JsonValue value && value.TryGetValue(out bool isConfirmed) && !isConfirmed;

    /// <summary>A text of <see cref="Data"/>; <c>null</c> where there is none.</summary>
    public string? Text(string name) => Data[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A whole number of <see cref="Data"/>; <c>null</c> where there is none.</summary>
    public long? Number(string name) => Data[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
