using System.Text;
using Google.Protobuf;

namespace SpamGuard.Testing.Otlp;

/// <summary>A protobuf message of which only numbers of fields are known: numbers as <see cref="ulong"/>, all else as bytes.</summary>
internal sealed class ProtoFields
{
    private readonly List<(int Number, object Value)> _fields = [];

    /// <summary>Reads a message.</summary>
    public ProtoFields(byte[] message)
    {
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"A field of the wire type {other}."),
            };
            _fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }
    }

    /// <summary>The messages in a field.</summary>
    public IEnumerable<ProtoFields> Messages(int number) => All(number).Select(static value => new ProtoFields((byte[])value));

    /// <summary>A text; empty where the field is not there.</summary>
    public string Text(int number) => Encoding.UTF8.GetString((byte[]?)All(number).SingleOrDefault() ?? []);

    /// <summary>Bytes in hex; empty where the field is not there.</summary>
    public string Hex(int number) => Convert.ToHexStringLower((byte[]?)All(number).SingleOrDefault() ?? []);

    /// <summary>A number; 0 where the field is not there.</summary>
    public ulong Number(int number) => (ulong?)All(number).SingleOrDefault() ?? 0;

    /// <summary>Whether the field is there.</summary>
    public bool Has(int number) => All(number).Any();

    private IEnumerable<object> All(int number) => _fields.Where(field => field.Number == number).Select(static field => field.Value);
}
