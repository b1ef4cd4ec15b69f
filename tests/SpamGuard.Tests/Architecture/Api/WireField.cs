using Google.Protobuf.Reflection;

namespace SpamGuard.Tests.Architecture.Api;

/// <summary>A field of a message as reviewers read it.</summary>
/// <param name="Name">Message and field, such as <c>Assessment.verdict</c>, without the package.</param>
/// <param name="Type">Its type, with <c>repeated</c> where there can be many.</param>
internal sealed record WireField(string Name, string Type)
{
    public static WireField Of(FieldDescriptor field) =>
        new(field.FullName[(field.File.Package.Length + 1)..], (field.IsRepeated ? "repeated " : "") + TypeOf(field));

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var scalar => scalar.ToString().ToLowerInvariant(),
    };
}
