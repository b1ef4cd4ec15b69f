using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpamGuard.Addresses;

/// <summary>Writes an address to JSON as <see cref="ClientAddress.Withheld"/>, whoever asks.</summary>
internal sealed class WithheldAddressConverter : JsonConverter<ClientAddress>
{
    /// <inheritdoc/>
    public override ClientAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("An address is read by ClientAddress.TryParse.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ClientAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ClientAddress.Withheld);
}
