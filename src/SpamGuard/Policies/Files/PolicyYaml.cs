using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SpamGuard.Policies.Files;

/// <summary>Reads YAML, and JSON as the part of YAML that it is, into nodes.</summary>
/// <remarks>
/// From the parser's events and not through its own model of a document: that one gives up at the first key that comes twice, and calls itself as
/// deep as a file is nested. What a policy must do without (anchors, aliases, tags) is a node too, so that it is told beside all other faults.
/// </remarks>
internal sealed class PolicyYaml
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxDepth = 8;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Parser _parser;
    private PolicyFault? _fault;

    private PolicyYaml(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Reads a document, or says why there is none.</summary>
    /// <param name="content">The file.</param>
    /// <param name="allowed">What it may hold, to stand behind "found nothing; allowed is ".</param>
    /// <param name="fault">Why there is none.</param>
    public static PolicyNode? Read(ReadOnlyMemory<byte> content, string allowed, out PolicyFault? fault)
    {
        fault = null;
        if (content.Length > MaxBytes)
        {
            fault = Whole(string.Create(CultureInfo.InvariantCulture, $"found {content.Length} bytes; allowed are up to {MaxBytes}."));
            return null;
        }

        string text;
        try
        {
            text = Strict.GetString(content.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            fault = Whole("found bytes that are no UTF-8; allowed is YAML or JSON in UTF-8.");
            return null;
        }

        var yaml = new PolicyYaml(text);
        try
        {
            var root = yaml.Document(out fault);
            if (root is null && fault is null)
            {
                fault = Whole($"found nothing; allowed is {allowed}.");
            }

            return root;
        }
        catch (YamlException e)
        {
            fault = new PolicyFault(
                (int)e.Start.Line, string.Empty, string.Create(CultureInfo.InvariantCulture, $"found no YAML and no JSON at column {e.Start.Column}: {Reason(e)}"));
        }
        catch (Exception) // on some of what is no YAML the parser fails by others, such as InvalidOperationException
        {
            fault = new PolicyFault((int)(yaml._parser.Current?.End.Line ?? 1), string.Empty, "found no YAML and no JSON from here on.");
        }

        return null;
    }

    private static PolicyFault Whole(string text) => new(0, string.Empty, text);

    // The parser speaks of structure; where it quotes, it might quote an address.
    private static string Reason(YamlException e) => e.Message.AsSpan().IndexOfAny("'\"\n\r") < 0 ? e.Message.TrimEnd('.') + "." : "see what stands there.";

    private PolicyNode? Document(out PolicyFault? fault)
    {
        PolicyNode? root = null;
        while (_fault is null && _parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case DocumentStart second when root is not null:
                    _fault = new PolicyFault((int)second.Start.Line, string.Empty, "found a second document; allowed is one.");
                    break;
                case NodeEvent:
                    root = Node(0);
                    break;
            }
        }

        fault = _fault;
        return fault is null ? root : null;
    }

    // The node that the parser stands at; afterwards it stands at the node's last event.
    private PolicyNode Node(int depth)
    {
        var at = (ParsingEvent)_parser.Current!;
        var node = new PolicyNode((int)at.Start.Line) { Refused = Refused(at) };
        switch (at)
        {
            case AnchorAlias:
                return node with { Text = string.Empty };
            case Scalar scalar:
                return node with { Text = scalar.Value, IsQuoted = scalar.Style != ScalarStyle.Plain };
            case MappingStart or SequenceStart when depth == MaxDepth:
                // The end of it: for a file of brackets the parser takes minutes.
                _fault = new PolicyFault(node.Line, string.Empty, string.Create(CultureInfo.InvariantCulture, $"found mappings or lists in more than {MaxDepth} others; allowed are fewer."));
                return node;
            case MappingStart:
                return node with { Entries = [.. Entries(depth + 1)] };
            default:
                return node with { Items = [.. Items<SequenceEnd>(depth + 1)] };
        }
    }

    private IEnumerable<(PolicyNode Key, PolicyNode Value)> Entries(int depth)
    {
        var nodes = Items<MappingEnd>(depth).ToList();
        return nodes.Where((_, i) => i % 2 == 0).Zip(nodes.Where((_, i) => i % 2 == 1));
    }

    private IEnumerable<PolicyNode> Items<TEnd>(int depth)
        where TEnd : ParsingEvent
    {
        while (_fault is null && _parser.MoveNext() && _parser.Current is not TEnd)
        {
            yield return Node(depth);
        }
    }

    private static string? Refused(ParsingEvent at) => at switch
    {
        AnchorAlias => "an alias (*)",
        NodeEvent { Anchor.IsEmpty: false } => "an anchor (&)",
        NodeEvent { Tag.IsEmpty: false } => "a tag (!)",
        _ => null,
    };
}
