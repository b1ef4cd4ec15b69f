using System.Runtime.InteropServices;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>
/// What is kept of a row once it is scored: 16 bytes, so that figures over a hundred million rows fit in memory (three times that for a moment,
/// whenever their list grows).
/// </summary>
/// <param name="Probability">The probability of spam that was answered.</param>
/// <param name="Spam">What it truly was.</param>
/// <param name="Verdict">The verdict that was answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScoredRow(double Probability, bool Spam, Verdict Verdict);
