using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>
/// Problem details that are written whatever the endpoint is and the client accepts: by the application's service where that writes them, else here. <see cref="ProblemHttpResult"/> trusts the service,
/// which says of a controller without <see cref="ApiControllerAttribute"/> that it wrote them, and writes nothing.
/// </summary>
internal sealed class ProblemAnswer(ProblemDetails problem) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        response.ContentType = null; // whoever writes sets it
        var services = httpContext.RequestServices;
        if (services.GetService<IProblemDetailsService>() is { } service)
        {
            var context = new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem };
            if (await service.TryWriteAsync(context) && (response.HasStarted || response.ContentType is not null))
            {
                return;
            }

            services.GetRequiredService<IOptions<ProblemDetailsOptions>>().Value.CustomizeProblemDetails?.Invoke(context);
            response.StatusCode = context.ProblemDetails.Status ?? response.StatusCode;
            await WriteAsync(httpContext, context.ProblemDetails);
            return;
        }

        await WriteAsync(httpContext, problem);
    }

    private static Task WriteAsync(HttpContext context, ProblemDetails problem) => TypedResults.Json(problem, contentType: "application/problem+json").ExecuteAsync(context);
}
