using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>The gate as controllers and pages see it.</summary>
internal static class ActionGate
{
    /// <summary>Checks a request.</summary>
    /// <returns>What is answered in its place; <c>null</c> to let it through.</returns>
    public static async ValueTask<IActionResult?> CheckAsync(FilterContext context, EventKind kind, object handler)
    {
        var gate = Gate.Of(context.HttpContext.RequestServices);
        return await gate.CheckAsync(context.HttpContext, kind) switch
        {
            null => null,
            { Challenge: { } challenge } when handler is ISpamGuardChallengePage page => await page.OnSpamGuardChallengeAsync(challenge),
            var barrier => new Answer(await gate.AnswerAsync(barrier)),
        };
    }

    private sealed class Answer(IResult result) : ActionResult
    {
        public override Task ExecuteResultAsync(ActionContext context) => result.ExecuteAsync(context.HttpContext);
    }
}
