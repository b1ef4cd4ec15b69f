using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>What an act throws that failed and did something all the same.</summary>
internal interface IFailedAct
{
    /// <summary>What is entered of it, beside that it failed.</summary>
    JsonObject Outcome { get; }
}
