using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>Razor Pages of this assembly.</summary>
internal static class PagesRegistration
{
    public static IServiceCollection AddTestPages(this IServiceCollection services)
    {
        services.AddRazorPages().ConfigureApplicationPartManager(static parts => parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(CheckedPage).Assembly)));
        return services;
    }
}
