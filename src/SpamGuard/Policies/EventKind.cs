namespace SpamGuard.Policies;

/// <summary>What is about to be accepted by a caller.</summary>
internal enum EventKind : byte
{
    /// <summary>A new account.</summary>
    SignUp,

    /// <summary>A message.</summary>
    Message,
}

/// <summary>How kinds are written in CSV files, policies and metrics.</summary>
internal static class EventKinds
{
    /// <summary>All kinds, in the order of their values.</summary>
    public static IReadOnlyList<EventKind> All { get; } = [EventKind.SignUp, EventKind.Message];

    /// <summary><c>sign_up</c> or <c>message</c>.</summary>
    public static string Name(this EventKind kind) => kind switch
    {
        EventKind.SignUp => "sign_up",
        EventKind.Message => "message",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    /// <summary>Reads a kind as <see cref="Name"/> writes it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EventKind kind)
    {
        kind = text.SequenceEqual("message") ? EventKind.Message : EventKind.SignUp;
        return kind == EventKind.Message || text.SequenceEqual("sign_up");
    }
}
