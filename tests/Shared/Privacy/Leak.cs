namespace SpamGuard.Testing.Privacy;

/// <summary>A secret that was found where it must not be.</summary>
/// <param name="Sink">Where.</param>
/// <param name="Secret">Whose.</param>
/// <param name="Form">In what form.</param>
/// <param name="Context">What stands around it.</param>
internal sealed record Leak(string Sink, string Secret, string Form, string Context);
