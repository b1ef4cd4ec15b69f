using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>What an act of the desk did.</summary>
/// <param name="Result">What its caller gets, once the outcome is entered.</param>
/// <param name="Outcome">What is entered of it.</param>
internal readonly record struct Acted<T>(T Result, JsonObject Outcome);
