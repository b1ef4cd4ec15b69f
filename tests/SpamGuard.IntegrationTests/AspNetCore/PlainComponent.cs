using Microsoft.AspNetCore.Components;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A component of Blazor that can be posted to, and the root of the others.</summary>
[Route("/component")]
public sealed class PlainComponent : ComponentBase;
