using SpamGuard.Promise.Clauses;

namespace SpamGuard.Promise.Report;

/// <summary>How a clause fared.</summary>
/// <param name="Clause">Its name.</param>
/// <param name="Promise">The sentence.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Evidence">What was measured.</param>
/// <param name="Omitted">What was not looked at; <c>null</c> where all was.</param>
internal sealed record ClauseResult(string Clause, string Promise, bool Passed, IReadOnlyList<Finding> Evidence, string? Omitted);
