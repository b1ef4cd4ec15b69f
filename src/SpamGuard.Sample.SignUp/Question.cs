using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpamGuard.AspNetCore;

namespace SpamGuard.Sample.SignUp;

/// <summary>
/// STANDS FOR A REAL CHALLENGE. A program adds two numbers as well as a person does: put a link in a mail, a puzzle that costs time or a moderator in its place. What is shown is where such a
/// challenge goes, how it is bound to the form that it was set for, and that one answer is all it takes.
/// </summary>
/// <param name="Left">1 to 9.</param>
/// <param name="Right">1 to 9.</param>
internal sealed record Question(int Left, int Right)
{
    /// <summary>The form field of the answer.</summary>
    public const string Field = "answer";

    /// <summary>The header of the answer, for the API.</summary>
    public const string Header = "Challenge-Answer";

    /// <summary>The question that a challenge is: drawn from its id, which the client doesn't know, so that nothing has to be kept.</summary>
    public static Question Of(string challengeId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(challengeId));
        return new Question(1 + (hash[0] % 9), 1 + (hash[1] % 9));
    }

    /// <summary>Whether a request holds the answer.</summary>
    public static async ValueTask<bool> IsAnsweredAsync(SpamGuardProof proof)
    {
        var request = proof.HttpContext.Request;
        var answer = request.HasFormContentType ? (await request.ReadFormAsync())[Field] : request.Headers[Header];
        var question = Of(proof.Id);
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var sum) && sum == question.Left + question.Right;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"What is {Left} plus {Right}?");
}
