using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using SpamGuard.IntegrationTests.AspNetCore;

[assembly: RazorCompiledItem(typeof(UncheckedPage), "mvc.1.0.razor-page", "/Pages/Unchecked.cshtml")]

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A page that nothing checks, as Razor compiles it.</summary>
[RazorCompiledItemMetadata("RouteTemplate", "/unchecked-page")]
public sealed class UncheckedPage : Page
{
    public UncheckedPage Model => this;

    public override Task ExecuteAsync() => Task.CompletedTask;
}
