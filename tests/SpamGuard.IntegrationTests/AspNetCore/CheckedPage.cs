using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using SpamGuard.IntegrationTests.AspNetCore;

[assembly: RazorCompiledItem(typeof(CheckedPage), "mvc.1.0.razor-page", "/Pages/Checked.cshtml")]

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A page whose model is checked, as Razor compiles it.</summary>
[RazorCompiledItemMetadata("RouteTemplate", "/page")]
public sealed class CheckedPage : Page
{
    public CheckedPageModel Model => (CheckedPageModel)PageContext.ViewData.Model!;

    public override Task ExecuteAsync() => Task.CompletedTask;
}
