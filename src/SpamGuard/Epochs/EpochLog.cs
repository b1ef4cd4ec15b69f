using Microsoft.Extensions.Logging;

namespace SpamGuard.Epochs;

/// <summary>What a process says when others have exchanged a salt in the store.</summary>
internal static partial class EpochLog
{
    /// <summary>A salt of a higher generation was adopted.</summary>
    [LoggerMessage(
        EventIds.EpochBegunAnew,
        LogLevel.Warning,
        "The {Class} epoch {Number} was begun anew by others: generation {OldGeneration} became {NewGeneration}, under pepper {PepperId}. The desk logs EpochRolled with the same numbers where an operator did it; where it did not, somebody else writes with a scorer's or the desk's password.",
        EventName = nameof(EventIds.EpochBegunAnew))]
    public static partial void BegunAnew(ILogger logger, string @class, int number, uint oldGeneration, uint newGeneration, string pepperId);

    /// <summary>Another salt of the same generation was adopted.</summary>
    [LoggerMessage(
        EventIds.SaltOverwritten,
        LogLevel.Warning,
        "The {Class} epoch {Number} has another salt in the store than this process had, of the same generation {Generation}, under pepper {PepperId}. It was adopted, and what was learned under the one before is lost. So it is where the store lost its memory and a process that had not known the salt made the next; where it did not, somebody else writes with a scorer's password.",
        EventName = nameof(EventIds.SaltOverwritten))]
    public static partial void Overwritten(ILogger logger, string @class, int number, uint generation, string pepperId);
}
