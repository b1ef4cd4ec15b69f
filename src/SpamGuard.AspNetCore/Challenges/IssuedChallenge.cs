using System.Buffers.Text;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>A challenge that came back whole, in time and from where it was set.</summary>
/// <param name="Id">Names it, at random.</param>
/// <param name="DecisionId">Names what was challenged: the id of its first challenge.</param>
/// <param name="DecisionToken">The decision that set it; <c>null</c> where the service gave none.</param>
internal sealed record IssuedChallenge(Guid Id, Guid DecisionId, string? DecisionToken)
{
    /// <summary>The id as the application knows it.</summary>
    public string IdText => Text(Id);

    /// <summary>An id as the application knows it.</summary>
    public static string Text(Guid id) => Base64Url.EncodeToString(id.ToByteArray());
}
