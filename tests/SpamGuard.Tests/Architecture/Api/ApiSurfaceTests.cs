using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SpamGuard.V1;
using Field = Google.Protobuf.Reflection.FieldDescriptorProto;

namespace SpamGuard.Tests.Architecture.Api;

/// <summary>There is no back door in the interface: no call answers an address, turns a handle into one, or lists subjects.</summary>
public sealed class ApiSurfaceTests
{
    private static readonly IReadOnlyList<FileDescriptor> Files =
    [
        .. typeof(Event).Assembly.GetTypes()
            .Where(static type => type.Namespace == typeof(Event).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(static type => (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!),
    ];

    private static IReadOnlyList<ServiceDescriptor> Services => [.. Files.SelectMany(static file => file.Services)];

    [Fact]
    public void Files_OfTheFolder_AreAllLookedAt() => // Envoy's answer has room for any header: the canaries go through it
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "protos", "spamguard"), "*.proto", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Path.Combine(Repository.Root, "protos"), path))
                .Order(StringComparer.Ordinal),
            Files.Select(file => file.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Methods_AsTheyAre_AnswerOnlyWhatIsVouchedFor() => Assert.Empty(ApiSurface.Faults(Services));

    [Fact]
    public void Addresses_InRequests_AreInputOnly() =>
        Assert.Empty(ApiSurface.NotInputOnly(string.Concat(Files.Select(file => Repository.Read($"protos/{file.Name}"))), ApiList.Addresses));

    [Theory]
    [InlineData("client_ip", FieldDescriptorProto.Types.Type.String, "PlantedResponse.client_ip of an answer is named like an address, a subject or a hash of one")]
    [InlineData("note", FieldDescriptorProto.Types.Type.String, "PlantedResponse.note (string) of an answer: nobody has said why no address can stand there")]
    [InlineData("blob", FieldDescriptorProto.Types.Type.Bytes, "PlantedResponse.blob of an answer is bytes: nobody sees what is in it")]
    [InlineData("subjects", FieldDescriptorProto.Types.Type.Int64, "PlantedResponse.subjects of an answer is named like an address, a subject or a hash of one")]
    public void Faults_PlantedAnswer_AreReported(string name, FieldDescriptorProto.Types.Type type, string expected) =>
        Assert.Contains(expected, ApiSurface.Faults([.. Services, Planted(answer: new Field { Name = name, Type = type, Number = 1, Label = Field.Types.Label.Optional })]));

    [Fact]
    public void Faults_PlantedAnswerInsideAnother_IsReported() =>
        Assert.Contains(
            "Event.address (string) of an answer: nobody has said why no address can stand there",
            ApiSurface.Faults(
            [
                .. Services,
                Planted(answer: new Field { Name = "found", Type = Field.Types.Type.Message, TypeName = ".spamguard.v1.Event", Number = 1, Label = Field.Types.Label.Repeated }),
            ]));

    [Fact]
    public void Faults_PlantedRequest_IsReported() =>
        Assert.Contains(
            "PlantedRequest.hash (bytes) of a request is neither an address nor known to be none",
            ApiSurface.Faults([.. Services, Planted(request: new Field { Name = "hash", Type = Field.Types.Type.Bytes, Number = 1, Label = Field.Types.Label.Optional })]));

    [Fact]
    public void Faults_PlantedStream_IsReported() =>
        Assert.Contains("spamguard.v1.PlantedService.Watch is a stream: it could go on telling", ApiSurface.Faults([.. Services, Planted(isStream: true)]));

    [Fact]
    public void Faults_ListedFieldThatIsGone_IsReported() =>
        Assert.Contains("Event.address is listed, and no request has it", ApiSurface.Faults([]));

    [Theory]
    [InlineData("message Event {\n  // An address.\n  string address = 2;\n}", true)]
    [InlineData("message Event {\n  // INPUT_ONLY: hashed.\n  string address = 2;\n}", false)]
    [InlineData("message Event {\n  // INPUT_ONLY: hashed.\n  oneof source {\n    // An address.\n    string address = 2;\n  }\n}", false)]
    [InlineData("message Event {\n  // INPUT_ONLY: hashed.\n  oneof source {\n    // Another.\n    string other = 1;\n  }\n  // An address.\n  string address = 2;\n}", true)]
    [InlineData("message Other {\n  // INPUT_ONLY: hashed.\n  string address = 2;\n}", true)]
    public void NotInputOnly_PlantedComment_IsReported(string proto, bool isReported) =>
        Assert.Equal(isReported ? ["Event.address"] : [], ApiSurface.NotInputOnly(proto, ["Event.address"]));

    private static ServiceDescriptor Planted(Field? answer = null, Field? request = null, bool isStream = false)
    {
        var file = new FileDescriptorProto { Name = "planted.proto", Package = "spamguard.v1", Syntax = "proto3", Dependency = { EventReflection.Descriptor.Name } };
        var (input, output) = (new DescriptorProto { Name = "PlantedRequest" }, new DescriptorProto { Name = "PlantedResponse" });
        if (request is not null)
        {
            input.Field.Add(request);
        }

        if (answer is not null)
        {
            output.Field.Add(answer);
        }

        file.MessageType.Add(input);
        file.MessageType.Add(output);
        file.Service.Add(new ServiceDescriptorProto
        {
            Name = "PlantedService",
            Method = { new MethodDescriptorProto { Name = "Watch", InputType = ".spamguard.v1.PlantedRequest", OutputType = ".spamguard.v1.PlantedResponse", ServerStreaming = isStream } },
        });
        return FileDescriptor.BuildFromByteStrings([EventReflection.Descriptor.SerializedData, file.ToByteString()])[^1].Services[0];
    }
}
