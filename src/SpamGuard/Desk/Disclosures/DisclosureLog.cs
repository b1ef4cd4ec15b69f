using Microsoft.Extensions.Logging;

namespace SpamGuard.Desk.Disclosures;

/// <summary>What is logged of orders: who, which and what became of it, and nothing of what it says.</summary>
internal static partial class DisclosureLog
{
    [LoggerMessage(EventIds.DisclosureOpened, LogLevel.Warning, "{Caller} ({Identity}) opened disclosure {Disclosure}: a second person must approve it, or anybody reject it", EventName = nameof(EventIds.DisclosureOpened))]
    public static partial void Opened(ILogger logger, string caller, string identity, string disclosure);

    [LoggerMessage(EventIds.DisclosureCategoryRefused, LogLevel.Warning, "{Caller} ({Identity}) sent an order of a category that is never disclosed: it is refused, and the refusal entered", EventName = nameof(EventIds.DisclosureCategoryRefused))]
    public static partial void CategoryRefused(ILogger logger, string caller, string identity);

    [LoggerMessage(EventIds.DisclosureDecided, LogLevel.Warning, "{Caller} ({Identity}) decided disclosure {Disclosure}: {Decision}", EventName = nameof(EventIds.DisclosureDecided))]
    public static partial void Decided(ILogger logger, string caller, string identity, string disclosure, DecisionKind decision);

    [LoggerMessage(EventIds.DisclosureExecuted, LogLevel.Warning, "{Caller} ({Identity}) executed disclosure {Disclosure}; held: {Held}", EventName = nameof(EventIds.DisclosureExecuted))]
    public static partial void Executed(ILogger logger, string caller, string identity, string disclosure, HeldExtent held);

    [LoggerMessage(EventIds.DisclosureFailed, LogLevel.Warning, "{Caller} ({Identity}) could not execute disclosure {Disclosure}: nothing was given out, and it may be tried again", EventName = nameof(EventIds.DisclosureFailed))]
    public static partial void Failed(ILogger logger, string caller, string identity, string disclosure);

    [LoggerMessage(EventIds.DisclosureKeyWrong, LogLevel.Warning, "{Caller} ({Identity}) presented a key that is not that of disclosure {Disclosure}", EventName = nameof(EventIds.DisclosureKeyWrong))]
    public static partial void KeyWrong(ILogger logger, string caller, string identity, string disclosure);

    [LoggerMessage(EventIds.DisclosureSamePerson, LogLevel.Warning, "{Caller} ({Identity}) would have approved disclosure {Disclosure}, and is not known to be another person than who opened it", EventName = nameof(EventIds.DisclosureSamePerson))]
    public static partial void SamePerson(ILogger logger, string caller, string identity, string disclosure);
}
