using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace SpamGuard.Tests.Architecture.Api;

/// <summary>What can be asked and answered, and what of it nobody has vouched for.</summary>
internal static partial class ApiSurface
{
    /// <summary>What no answer of ours has, whatever it is vouched for by.</summary>
    [GeneratedRegex("(^|_)(ip|ips|address|addresses|cidr|prefix|network|host|hash|digest|key|keys|subject|subjects|account|content|reporter)(_|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Telling();

    /// <summary>Every fault of the methods: streams, fields of answers that nobody vouches for, texts of requests that nobody has named.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyCollection<ServiceDescriptor> services)
    {
        var faults = new List<string>();
        foreach (var method in services.SelectMany(static service => service.Methods))
        {
            if (method.IsClientStreaming || method.IsServerStreaming)
            {
                faults.Add($"{method.FullName} is a stream: it could go on telling");
            }
        }

        var answers = Fields(services.SelectMany(static service => service.Methods).Select(static method => method.OutputType));
        faults.AddRange(answers.SelectMany(AnswerFaults));
        faults.AddRange(Stale(ApiList.Answers.Keys, answers, "answer"));
        var requests = Fields(services.SelectMany(static service => service.Methods).Select(static method => method.InputType));
        var texts = requests.Where(static field => field.FieldType is FieldType.String or FieldType.Bytes).ToList();
        faults.AddRange(texts.Select(WireField.Of)
            .Where(static field => !ApiList.Addresses.Contains(field.Name) && !ApiList.OtherTexts.Contains(field.Name))
            .Select(static field => $"{field.Name} ({field.Type}) of a request is neither an address nor known to be none"));
        faults.AddRange(Stale([.. ApiList.Addresses, .. ApiList.OtherTexts], texts, "request"));
        return faults;
    }

    /// <summary>The fields of addresses whose comment, or that of their oneof, does not say INPUT_ONLY.</summary>
    /// <param name="proto">The text of the file that declares them.</param>
    /// <param name="fields">Message and field.</param>
    public static IReadOnlyList<string> NotInputOnly(string proto, IEnumerable<string> fields) =>
    [
        .. fields.Where(field =>
        {
            var (message, name) = (field.Split('.')[0], field.Split('.')[1]);
            var start = proto.IndexOf($"message {message} {{", StringComparison.Ordinal);
            var declared = Regex.Match(proto[Math.Max(0, start)..], $@"\n\s+(?:repeated )?\w+ {name} = \d+", RegexOptions.None, TimeSpan.FromSeconds(1));
            return start < 0 || !declared.Success || !CommentsAbove(proto[start..(start + declared.Index)]).Contains("INPUT_ONLY", StringComparison.Ordinal);
        }),
    ];

    private static IEnumerable<string> AnswerFaults(FieldDescriptor descriptor)
    {
        var field = WireField.Of(descriptor);
        if (Telling().IsMatch(descriptor.Name) && !ApiList.NamedAlike.Contains(field.Name))
        {
            yield return $"{field.Name} of an answer is named like an address, a subject or a hash of one";
        }

        if (descriptor.FieldType == FieldType.Bytes || descriptor.IsMap)
        {
            yield return $"{field.Name} of an answer is {(descriptor.IsMap ? "a map" : "bytes")}: nobody sees what is in it";
        }

        if (!ApiList.Answers.TryGetValue(field.Name, out var listed))
        {
            yield return $"{field.Name} ({field.Type}) of an answer: nobody has said why no address can stand there";
        }
        else if (listed.Type != field.Type)
        {
            yield return $"{field.Name} of an answer is {field.Type}, and was vouched for as {listed.Type}";
        }
    }

    private static IEnumerable<string> Stale(IEnumerable<string> listed, IEnumerable<FieldDescriptor> fields, string where)
    {
        var names = fields.Select(static field => WireField.Of(field).Name).ToHashSet(StringComparer.Ordinal);
        return listed.Where(name => !names.Contains(name)).Select(name => $"{name} is listed, and no {where} has it");
    }

    /// <summary>All fields of messages and of messages of ours in them; those of Google's are looked at as a whole.</summary>
    private static List<FieldDescriptor> Fields(IEnumerable<MessageDescriptor> messages)
    {
        var met = new HashSet<MessageDescriptor>();
        var open = new Queue<MessageDescriptor>(messages);
        while (open.TryDequeue(out var message))
        {
            if (!message.FullName.StartsWith("google.", StringComparison.Ordinal) && met.Add(message))
            {
                foreach (var field in message.Fields.InDeclarationOrder().Where(static field => field.FieldType is FieldType.Message))
                {
                    open.Enqueue(field.MessageType);
                }
            }
        }

        return [.. met.SelectMany(static message => message.Fields.InDeclarationOrder())];
    }

    /// <summary>The comments right above a field and above the oneof that it is in.</summary>
    private static string CommentsAbove(string text)
    {
        var lines = text.Split('\n').ToList();
        var comments = lines.AsEnumerable().Reverse().Select(static line => line.Trim()).TakeWhile(static line => line.StartsWith("//", StringComparison.Ordinal));
        var oneof = lines.FindLastIndex(static line => line.TrimStart().StartsWith("oneof ", StringComparison.Ordinal));
        var isInside = oneof >= 0 && !lines.Skip(oneof).Any(static line => line.Trim() == "}");
        return string.Join('\n', comments) + (isInside ? CommentsAbove(string.Join('\n', lines.Take(oneof))) : "");
    }
}
