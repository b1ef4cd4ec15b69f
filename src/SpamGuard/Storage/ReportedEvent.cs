using SpamGuard.Addresses;

namespace SpamGuard.Storage;

/// <summary>A report on an earlier event.</summary>
/// <param name="Items">The event's subjects, the address first. Where that one may not be created and is gone, nothing is counted at any level.</param>
/// <param name="Spam">Whether it was spam; else it was legitimate.</param>
/// <param name="Once">What makes a second report of the same label count nothing; <c>null</c> where nobody can tell a second one.</param>
internal sealed record ReportedEvent(SubjectItem[] Items, bool Spam, ReportGuard? Once);

/// <summary>Remembers which labels one person gave a subject, one decision was given or one request gave: an entry of the subject's <see cref="ReportList"/>.</summary>
/// <param name="Address">The token of the report's first subject: whose list, and in which slot.</param>
/// <param name="Id">Names the person, the decision or the request: opaque to the store.</param>
/// <param name="Deadline">Unix second at which this is forgotten at the latest: the deadline of the address' record.</param>
internal sealed record ReportGuard(SubjectToken Address, SubjectToken Id, long Deadline);
