namespace SpamGuard.Promise;

/// <summary>The walk can't be made, or not to its end: nothing is proved, either way.</summary>
internal sealed class PromiseException(string message, Exception? inner = null) : Exception(message, inner);
