using SpamGuard.Feedback;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>One row of a file.</summary>
/// <param name="Row">Which data row, from 0, faulty ones counted.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Event">The event, with the digests that the run asked for.</param>
/// <param name="Spam">What it truly was.</param>
/// <param name="Report">What it was reported as, where the file says so.</param>
internal readonly record struct MailEvent(long Row, DateTimeOffset Time, SpamEvent Event, bool Spam, MailReport? Report);

/// <summary>A report of the file.</summary>
/// <param name="Label">What the event was reported as.</param>
/// <param name="Time">When.</param>
internal readonly record struct MailReport(OutcomeLabel Label, DateTimeOffset Time);
