namespace SpamGuard.Feedback;

/// <summary>What is said of an event, and who says it.</summary>
/// <param name="Label">What became of the event.</param>
/// <param name="Caller">The calling service, at most <see cref="DecisionCodec.MaxCallerBytes"/> bytes of UTF-8: the policy says whether its reports count.</param>
/// <param name="Reporter">Opaque digest of the person who complains, at most 256 bytes; empty for none. Counts once per address, label and epoch.</param>
/// <param name="RequestId">Makes a retry of a report by address count nothing, where no reporter does already.</param>
internal readonly record struct OutcomeReport(OutcomeLabel Label, string Caller, ReadOnlyMemory<byte> Reporter, Guid? RequestId);
