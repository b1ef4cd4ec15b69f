extern alias client;

using client::SpamGuard.V1;
using Microsoft.AspNetCore.Components;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A component of Blazor that looks checked.</summary>
[Route("/marked-component")]
[RequireSpamGuard(EventKind.SignUp)]
public sealed class MarkedComponent : ComponentBase;
