namespace SpamGuard.Testing.Privacy;

/// <summary>One form of one secret, as it would stand in a sink.</summary>
/// <param name="Secret">Whose form.</param>
/// <param name="Form">What form, for the failure message.</param>
/// <param name="Pattern">What to look for. Bytes are characters 0 to 255, so that one search does for both.</param>
/// <param name="IsRaw">
/// Raw bytes. They are looked for only where bytes can stand: in a text they would be found by chance (four bytes, in a few megabytes) or,
/// being no characters, never.
/// </param>
internal sealed record Needle(string Secret, string Form, string Pattern, bool IsRaw);
