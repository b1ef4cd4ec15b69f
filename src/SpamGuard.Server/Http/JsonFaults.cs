using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Server.Grpc;

namespace SpamGuard.Server.Http;

/// <summary>Finds what in a JSON body is not of its field's type, and says the fix. It names fields of the schema and never a value that was sent.</summary>
internal static class JsonFaults
{
    /// <summary>How many faults are told of one body: the first.</summary>
    public const int Most = 100;

    private const string Unspecified = "_UNSPECIFIED";

    /// <summary>The first <see cref="Most"/> faults of a body that could not be read; none where it is no JSON at all.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="message">What it should have been.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static async Task<IReadOnlyList<BadRequest.Types.FieldViolation>> OfAsync(Stream body, MessageDescriptor message, CancellationToken cancellationToken)
    {
        var faults = new List<BadRequest.Types.FieldViolation>();
        try
        {
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            CheckMessage(document.RootElement, message, path: "", faults);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            faults.Clear(); // no JSON, or beyond the limit: no field to name
        }

        return faults;
    }

    /// <summary>What is wrong with a body that is longer than the method takes.</summary>
    /// <param name="most">The most bytes that it takes.</param>
    public static BadRequest.Types.FieldViolation TooLong(int most) => Fault("body", string.Create(CultureInfo.InvariantCulture, $"Send at most {most} bytes."));

    /// <summary>The same of a query, whose values are all text.</summary>
    public static IReadOnlyList<BadRequest.Types.FieldViolation> Of(IQueryCollection query, MessageDescriptor message)
    {
        var faults = new List<BadRequest.Types.FieldViolation>();
        CheckMessage(JsonSerializer.SerializeToElement(query.ToDictionary(static one => one.Key, static one => one.Value.ToString(), StringComparer.Ordinal)), message, path: "", faults);
        return faults;
    }

    private static void CheckMessage(JsonElement element, MessageDescriptor message, string path, List<BadRequest.Types.FieldViolation> faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(Fault(path.Length == 0 ? "body" : path, "Send a JSON object."));
            return;
        }

        var set = new Dictionary<OneofDescriptor, string>();
        foreach (var property in element.EnumerateObject().TakeWhile(_ => faults.Count < Most))
        {
            var field = message.Fields.InFieldNumberOrder().FirstOrDefault(field => property.NameEquals(field.JsonName) || property.NameEquals(field.Name));
            if (field is null || property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (field.ContainingOneof is { } choice && !set.TryAdd(choice, field.Name))
            {
                faults.Add(Fault(At(path, field), string.Equals(set[choice], field.Name, StringComparison.Ordinal) ? $"Send {field.Name} once." : $"Send {set[choice]} or {field.Name}, and not both."));
            }

            var at = At(path, field);
            if (field.IsRepeated)
            {
                CheckItems(property.Value, field, at, faults);
            }
            else
            {
                CheckField(property.Value, field, at, faults);
            }
        }
    }

    private static string At(string path, FieldDescriptor field) => path.Length == 0 ? field.Name : $"{path}.{field.Name}";

    private static void CheckItems(JsonElement value, FieldDescriptor field, string path, List<BadRequest.Types.FieldViolation> faults)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(Fault(path, "Send a JSON array."));
            return;
        }

        // What is repeated in a request is the requests of a batch or the addresses of an order, and what is beyond the largest is not looked at.
        var (most, tooMany) = field.FieldType == FieldType.Message
            ? (RequestMapper.MaxBatch, Violations.BatchSize(RequestMapper.MaxBatch))
            : (DisclosureGate.MostAddresses, DisclosureViolations.AddressCount(DisclosureGate.MostAddresses));
        if (value.GetArrayLength() > most)
        {
            faults.Add(tooMany);
        }

        var index = 0;
        foreach (var item in value.EnumerateArray().Take(most).TakeWhile(_ => faults.Count < Most))
        {
            CheckField(item, field, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
        }
    }

    private static void CheckField(JsonElement value, FieldDescriptor field, string path, List<BadRequest.Types.FieldViolation> faults)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when field.MessageType == Timestamp.Descriptor:
                if (value.ValueKind != JsonValueKind.String || !IsTime(value.GetString()!))
                {
                    faults.Add(Fault(path, "Send a time as in RFC 3339, such as 2026-01-31T12:00:00Z, in a string."));
                }

                break;
            case FieldType.Message:
                CheckMessage(value, field.MessageType, path, faults);
                break;
            case FieldType.Enum when !IsOneOf(value, field.EnumType):
                var names = field.EnumType.Values.Select(known => known.Name).Where(name => !name.EndsWith(Unspecified, StringComparison.Ordinal));
                faults.Add(Fault(path, $"Send one of {string.Join(", ", names)}."));
                break;
            case FieldType.Int32 when !IsNumber(value):
                faults.Add(Fault(path, "Send a whole number."));
                break;
            case FieldType.String when value.ValueKind != JsonValueKind.String:
                faults.Add(Fault(path, "Send a string."));
                break;
            case FieldType.Bytes when value.ValueKind != JsonValueKind.String || !IsBase64(value.GetString()!):
                faults.Add(Fault(path, "Send base64 in a string."));
                break;
        }
    }

    private static bool IsOneOf(JsonElement value, EnumDescriptor known) => value.ValueKind switch
    {
        JsonValueKind.String => known.FindValueByName(value.GetString()!) is not null,
        JsonValueKind.Number => value.TryGetInt32(out _),
        _ => false,
    };

    private static bool IsNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => int.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        JsonValueKind.Number => value.TryGetDouble(out _), // 1.0 and 1e2 are taken too
        _ => false,
    };

    // By the reader itself: what it takes is right.
    private static bool IsTime(string text)
    {
        try
        {
            return JsonParser.Default.Parse<Timestamp>(JsonSerializer.Serialize(text)) is not null;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool IsBase64(string text) => Base64.IsValid(text) || Base64Url.IsValid(text);

    private static BadRequest.Types.FieldViolation Fault(string field, string fix) => Violations.Of(field, ErrorReasons.BodyUnreadable, fix);
}
