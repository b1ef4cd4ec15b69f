using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>What an act throws that did not do all that it was to, and has more to say of it.</summary>
internal interface IFailedAct
{
    /// <summary>What is entered of it, beside how it went.</summary>
    JsonObject Outcome { get; }

    /// <summary>Whether it may be done all the same, wholly or in part: then it is entered as unknown, and else as failed.</summary>
    bool MayBeDone { get; }
}
